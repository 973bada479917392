"""Settings of all tests."""

from hypothesis import settings

# No test asserts how long something takes: the first call compiles the kernels, and machines differ.
settings.register_profile("adscreen", deadline=None)
settings.load_profile("adscreen")
