from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "hocvuso.assessment"
    label = "assessment"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hocvuso.assessment.integrity.sweep import follow_grading as measure_later
        from hocvuso.assessment.signals import on_graded
        from hocvuso.assessment.sittings.services import follow_grading

        on_graded(follow_grading)
        from hocvuso.assessment.care import odd_questions
        from hocvuso.assessment.exports import own_data
        from hocvuso.assessment.question_numbers import numbers_of_questions
        from hocvuso.assessment.services.change import register_kinds
        from hocvuso.assessment.sittings.walkins import forget_person
        from hocvuso.curriculum.public import register_care, register_numbers
        from hocvuso.people.public import on_erase, on_export

        register_kinds()
        on_export("assessment", own_data)
        on_erase(forget_person)
        on_graded(measure_later)
        register_care(odd_questions)
        register_numbers(numbers_of_questions)
