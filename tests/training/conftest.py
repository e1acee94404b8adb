"""One BLAS thread, as in training, and no deadlines for property tests."""

import hypothesis
import pytest
from threadpoolctl import threadpool_limits

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="package", autouse=True)
def one_blas_thread():
    with threadpool_limits(1, user_api="blas"):
        yield
