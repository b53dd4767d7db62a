"""What can stop a test from outside it. None is an Exception, so no test can swallow one by
accident."""


class CallTimeout(BaseException):
    """The student's code did not end within its budget."""


class KernelDied(BaseException):
    """The student's process is gone."""


class OutOfMemory(KernelDied):
    """The student's process is gone, because it used more memory than it may."""


class Infrastructure(BaseException):
    """A fault of ours or of a test: never the student's."""
