"""What other rooms may use of learning."""

from __future__ import annotations

from hocvuso.learning.goals import WHO, Goal, GoalLessons, Who, by_goal, codes_of, served
from hocvuso.learning.models import Activity, LessonProgress, PathProgress
from hocvuso.learning.queries import PathState, path_state, progress_of, state_for_device
from hocvuso.learning.services import take_in

__all__ = [
    "WHO",
    "Activity",
    "Goal",
    "GoalLessons",
    "LessonProgress",
    "PathProgress",
    "PathState",
    "Who",
    "by_goal",
    "codes_of",
    "path_state",
    "progress_of",
    "served",
    "state_for_device",
    "take_in",
]
