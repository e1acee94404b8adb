"""The names that the package itself offers."""

from importlib import import_module

import pytest

import spacy_sgns


def test_the_public_names_are_sorted_and_each_has_a_location():
    assert spacy_sgns.__all__ == sorted(spacy_sgns.__all__)
    assert spacy_sgns.__all__ == list(spacy_sgns.LOCATIONS)
    assert dir(spacy_sgns) == sorted([*spacy_sgns.__all__, "__version__"])


@pytest.mark.parametrize("name", spacy_sgns.__all__)
def test_each_public_name_can_be_imported_from_the_package(name):
    found = {}
    exec(f"from spacy_sgns import {name}", found)
    assert found[name] is getattr(import_module(f"spacy_sgns.{spacy_sgns.LOCATIONS[name]}"), name)


def test_an_unknown_name_is_an_error_that_names_it():
    with pytest.raises(AttributeError, match="module 'spacy_sgns' has no attribute 'nonsense'"):
        spacy_sgns.nonsense  # noqa: B018 - accessing the attribute is the test
