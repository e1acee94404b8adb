"""One BLAS thread, as training always has it."""

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="package", autouse=True)
def one_blas_thread():
    with threadpool_limits(1, user_api="blas"):
        yield
