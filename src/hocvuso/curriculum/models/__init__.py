"""Tables of the curriculum: what is being written (frameworks, lessons, practices, questions, paths) and what is published (releases)."""

from hocvuso.curriculum.models.frameworks import Framework, Skill
from hocvuso.curriculum.models.kits import ExternalCourse, MeetingPack
from hocvuso.curriculum.models.lessons import (
    CoursePage,
    CurriculumIndexPage,
    LessonPage,
    LessonPractice,
    LessonQuestion,
)
from hocvuso.curriculum.models.links import Link, LinkPlace
from hocvuso.curriculum.models.paths import Path, PathLesson
from hocvuso.curriculum.models.pictures import Picture, PictureFile
from hocvuso.curriculum.models.practices import Practice
from hocvuso.curriculum.models.questions import Question, QuestionOption
from hocvuso.curriculum.models.releases import Loaded, PolicySeed, Release
from hocvuso.curriculum.models.runs import MeetingRun
from hocvuso.curriculum.models.schedules import ScheduledChange
from hocvuso.curriculum.models.searching import SearchEntry, SearchGram
from hocvuso.curriculum.models.sounds import Recording, SoundPart
from hocvuso.curriculum.models.workflow import SecondReaderTask

__all__ = [
    "CoursePage",
    "CurriculumIndexPage",
    "ExternalCourse",
    "Framework",
    "LessonPage",
    "LessonPractice",
    "LessonQuestion",
    "Link",
    "LinkPlace",
    "Loaded",
    "MeetingPack",
    "MeetingRun",
    "Path",
    "PathLesson",
    "Picture",
    "PictureFile",
    "PolicySeed",
    "Practice",
    "Question",
    "QuestionOption",
    "Recording",
    "Release",
    "ScheduledChange",
    "SearchEntry",
    "SearchGram",
    "SecondReaderTask",
    "Skill",
    "SoundPart",
]
