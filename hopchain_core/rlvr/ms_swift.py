"""The reward for ms-swift: ``--external_plugins …/hopchain_core/rlvr/ms_swift.py --reward_funcs hopchain``.

Source of the signature: ms-swift 4.6.0, swift/rewards/orm.py: a class of outcome rewards is called with the
completions and with every further column as a list. It is duck-typed here, so that ms-swift need not be there.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from hopchain_core.rlvr.completions import Completion
from hopchain_core.rlvr.trl import hopchain_reward


class HopChainORM:
    """1.0 or 0.0 for each completion.

    Args:
        args: The trainer's arguments, ignored.
        **kwargs: Ignored.
    """

    def __init__(self, args: Any = None, **kwargs: Any) -> None:
        self.args = args

    def __call__(self, completions: Sequence[Completion], solution: Sequence[str], **kwargs: Any) -> list[float]:
        """1.0 or 0.0 for each completion.

        Raises:
            ValueError: There are not as many labels as completions, or a label is not one number.
        """
        return hopchain_reward(completions=completions, solution=solution)


def _register() -> None:
    for name in ("swift.rewards", "swift.plugin"):
        orms = getattr(sys.modules.get(name), "orms", None)
        if isinstance(orms, dict):
            orms["hopchain"] = HopChainORM


_register()
