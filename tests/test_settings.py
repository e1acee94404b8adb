import inspect
import json
from dataclasses import FrozenInstanceError, fields
from typing import Any, get_args

import catalogue
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_sgns.errors import SettingError
from spacy_sgns.registry import Choice, objectives
from spacy_sgns.settings import ELSEWHERE, GROUPS, KINDS, Settings, with_settings

NUMBERS = {f.name: f.metadata["check"] for f in fields(Settings) if hasattr(f.metadata["check"], "low")}
WHOLE = [name for name, check in NUMBERS.items() if check.kind is int]
REAL = [name for name in NUMBERS if name not in WHOLE]
AUTO = ["epochs", "learning_rate", "chunks_per_step", "chunk_size", "workers"]
DEFAULTS = {
    "dim": 100,
    "window": 5,
    "negative": 5,
    "epochs": "auto",
    "learning_rate": "auto",
    "min_count": 5,
    "max_words": 0,
    "subsample": 1e-4,
    "noise_exponent": 0.75,
    "case": "fold",
    "drop": ["punct"],
    "within_sentences": False,
    "drop_duplicates": False,
    "held_out": 0.0,
    "patience": 0,
    "chunks_per_step": "auto",
    "chunk_size": "auto",
    "workers": "auto",
    "seed": 0,
    "architecture": {"name": "skipgram.v1"},
    "objective": {"name": "negative_sampling.v1"},
    "weighting": {"name": "linear.v1"},
    "noise": {"name": "unigram.v1"},
}


@pytest.fixture(scope="module", autouse=True)
def _own():
    """An alternative with settings, unregistered after the tests."""
    before = dict(catalogue.REGISTRY)
    objectives.register("own.v1", func=lambda power=1.0, kinds=(): (power, kinds))
    yield
    catalogue.REGISTRY.clear()
    catalogue.REGISTRY.update(before)


def test_defaults():
    assert Settings().as_dict() == DEFAULTS
    assert Settings.of(**DEFAULTS) == Settings()


def test_every_setting_is_explained():
    assert all(f.metadata["help"].endswith(".") for f in fields(Settings))


def test_every_setting_says_when_to_change_it_and_has_a_group():
    for setting in fields(Settings):
        assert setting.metadata["when"].endswith(".") and len(setting.metadata["when"]) > 60, setting.name
        assert setting.metadata["when"] != setting.metadata["help"]
    assert {f.metadata["group"] for f in fields(Settings)} == set(GROUPS)


def test_a_value_that_is_refused_is_told_what_is_allowed_in_the_words_of_the_reference():
    for setting in fields(Settings):
        with pytest.raises(SettingError) as error:
            Settings(**{setting.name: object()})
        values = setting.metadata["check"].values
        assert values in str(error.value) or (values == "a registered name" and "must be a Choice" in str(error.value))


@pytest.mark.parametrize("name", NUMBERS)
def test_both_ends_of_a_range_are_in_it(name):
    check = NUMBERS[name]
    for value in (check.low, check.high):
        others = {"held_out": 0.1} if name == "patience" else {}
        kept = getattr(Settings.of(**{**others, name: value}), name)
        assert kept == value
        assert type(kept) is check.kind


@pytest.mark.parametrize("name", NUMBERS)
def test_what_lies_beyond_a_range_is_one_error_with_the_range(name):
    check = NUMBERS[name]
    step = 1 if check.kind is int else 1e-9
    for value in (check.low - step, check.high + step, 10**400, -(10**400)):
        with pytest.raises(SettingError, match=rf"^{name} must be a .*number from .* to .*, got -?\d") as error:
            Settings.of(**{name: value})
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [True, False, "5", "", None, [5], 1 + 0j, np.True_, float("nan"), float("inf")])
def test_what_is_no_number_is_one_error(name, value):
    with pytest.raises(SettingError, match=rf"^{name} must be a"):
        Settings.of(**{name: value})


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_number_has_no_point(name):
    with pytest.raises(SettingError, match=rf"^{name} must be a whole number .*got 64\.0"):
        Settings.of(**{name: 64.0})


@pytest.mark.parametrize("name", NUMBERS)
def test_auto_is_for_those_that_have_a_rule(name):
    if name in AUTO:
        assert getattr(Settings.of(**{name: "auto"}), name) == "auto"
    else:
        with pytest.raises(SettingError, match=r"got 'auto'\.$"):
            Settings.of(**{name: "auto"})


@pytest.mark.parametrize("name", AUTO)
def test_auto_is_among_what_is_wanted(name):
    with pytest.raises(SettingError, match=r"or auto, got 'Auto'\.$"):
        Settings.of(**{name: "Auto"})


def test_numbers_of_numpy_become_plain():
    """Other values could not be written to a report."""
    settings = Settings(dim=np.int64(50), learning_rate=np.float32(0.5), subsample=0)
    assert (type(settings.dim), type(settings.learning_rate), type(settings.subsample)) == (int, float, float)
    assert json.loads(json.dumps(settings.as_dict()))["dim"] == 50


@pytest.mark.parametrize("value", [64, 128, 65536])
def test_chunk_size_is_a_power_of_two(value):
    assert Settings(chunk_size=value).chunk_size == value
    with pytest.raises(SettingError, match=r"power of two, got 96"):
        Settings(chunk_size=96)


def test_one_word_alone_cannot_be_trained():
    assert Settings(max_words=2).max_words == 2
    with pytest.raises(SettingError, match=r"max_words must be 0 for all words or at least 2, got 1"):
        Settings(max_words=1)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ()),
        ([], ()),
        ("punct", ("punct",)),
        (" punct , stop,", ("punct", "stop")),
        (["stop", "punct"], ("punct", "stop")),
        ({"stop", "punct", "url"}, ("punct", "stop", "url")),
        (("stop", "stop"), ("stop",)),
        (",".join(reversed(KINDS)), KINDS),
    ],
)
def test_kinds_to_drop(given, kept):
    """The order is fixed, so that the same settings give the same report."""
    assert Settings.of(drop=given).drop == Settings(drop=given).drop == kept


@pytest.mark.parametrize("value", ["punkt", ["punkt"], [5], 5, None, [["stop"]], True])
def test_kinds_that_are_none_are_one_error_with_all(value):
    with pytest.raises(SettingError, match=r"^drop must be .*punct, number, stop, url, email, currency"):
        Settings.of(drop=value)


def test_a_misspelt_kind_is_offered_the_closest():
    with pytest.raises(SettingError, match=r"Did you mean punct\?"):
        Settings.of(drop="punkt")


@pytest.mark.parametrize("value", ["Fold", "lower", None, 1, ["fold"]])
def test_case_is_fold_or_keep(value):
    assert Settings(case="keep").case == "keep"
    with pytest.raises(SettingError, match=r"^case must be one of fold, keep, got"):
        Settings.of(case=value)


@pytest.mark.parametrize("name", ["within_sentences", "drop_duplicates"])
@pytest.mark.parametrize("value", [1, 0, "true", None, np.True_])
def test_switches_are_true_or_false(name, value):
    assert getattr(Settings.of(**{name: True}), name) is True
    with pytest.raises(SettingError, match=rf"^{name} must be true or false, got"):
        Settings.of(**{name: value})


def test_an_unknown_setting_is_offered_the_closest():
    with pytest.raises(SettingError, match=r"^Unknown setting 'windw'\. Did you mean window\?$"):
        Settings.of(windw=5)
    with pytest.raises(SettingError, match=r"^Unknown setting 'qqq'\. Settings: dim, window, .*noise\.$"):
        Settings.of(qqq=5)


@pytest.mark.parametrize(("name", "here"), ELSEWHERE.items())
def test_settings_of_other_tools_are_named_as_they_are_called_here(name, here):
    assert here in [field.name for field in fields(Settings)]
    with pytest.raises(SettingError, match=rf"^Unknown setting '{name}'\. It is called {here} here\.$"):
        Settings.of(**{name: 1})


@pytest.mark.parametrize(
    "value",
    [
        "own",
        "own.v1",
        {"name": "own"},
        Choice("objective", "own.v1"),
        Choice("objective", "own"),
    ],
)
def test_an_alternative_by_name_by_mapping_or_chosen(value):
    assert Settings.of(objective=value).objective == Choice("objective", "own.v1")


def test_own_settings_of_an_alternative():
    settings = Settings.of(objective={"name": "own", "power": 2.5})
    assert settings.objective == Choice("objective", "own.v1", {"power": 2.5})
    assert settings.as_dict()["objective"] == {"name": "own.v1", "power": 2.5}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("onw", r"Unknown objective 'onw'\. Registered: .*negative_sampling\.v1.*Did you mean own"),
        ({"power": 1}, "Unknown objective ''. Registered"),
        ({"name": "own", "powr": 1}, r"has no setting 'powr'\. Did you mean power"),
        (Choice("objective", "own", {"powr": 1}), r"has no setting 'powr'"),
        (Choice("architecture", "skipgram.v1"), "objective must be a Choice"),
        (5, "objective must be a name, or a mapping"),
        (None, "objective must be a name, or a mapping"),
    ],
)
def test_an_alternative_that_cannot_be_is_one_error(value, said):
    with pytest.raises(SettingError, match=said):
        Settings.of(objective=value)


def test_settings_themselves_take_choices():
    with pytest.raises(SettingError, match=r"architecture must be a Choice, got 'skipgram'"):
        Settings(architecture="skipgram")


def test_plain_values_do_not_lead_back_into_the_settings():
    settings = Settings.of(objective={"name": "own", "kinds": ["a"]})
    settings.as_dict()["objective"]["kinds"].append("b")
    settings.as_dict()["drop"].append("stop")
    assert settings.as_dict()["objective"]["kinds"] == ["a"]
    assert settings.drop == ("punct",)


def test_settings_do_not_change():
    with pytest.raises(FrozenInstanceError):
        Settings().dim = 5


def test_own_mapping_is_left_alone():
    given = {"name": "own", "power": 1}
    Settings.of(objective=given)
    assert given == {"name": "own", "power": 1}


def values(check: Any) -> st.SearchStrategy[Any]:
    numbers = st.integers if check.kind is int else st.floats
    found = numbers(check.low, check.high)
    return found | st.just("auto") if check.auto else found


PLAIN = {name: values(check) for name, check in NUMBERS.items() if name not in ("chunk_size", "max_words", "patience")}
PLAIN |= {
    "chunk_size": st.sampled_from(["auto", 64, 1024]),
    "max_words": st.just(0) | st.integers(2, 10**9),
    "case": st.sampled_from(["fold", "keep"]),
    "drop": st.sets(st.sampled_from(KINDS)),
    "within_sentences": st.booleans(),
    "drop_duplicates": st.booleans(),
    "objective": st.fixed_dictionaries({"name": st.just("own")}, optional={"power": st.floats(0, 9)}),
}


@given(st.fixed_dictionaries({}, optional=PLAIN))
def test_settings_survive_a_report(values):
    settings = Settings.of(**values)
    plain = json.loads(json.dumps(settings.as_dict()))
    assert Settings.of(**plain) == settings
    assert list(plain) == [f.name for f in fields(Settings)]


def test_patience_needs_texts_that_are_held_out():
    assert Settings.of(patience=2, held_out=0.01).patience == 2
    with pytest.raises(SettingError, match=r"patience=2 needs held-out texts: set held_out, for example to 0.01"):
        Settings.of(patience=2)


@pytest.mark.parametrize("value", ["maybe", 1, None])
def test_an_alternative_checks_its_own_settings(value):
    with pytest.raises(SettingError, match="corrected must be true or false, got"):
        Settings.of(architecture={"name": "cbow", "corrected": value})


def test_with_settings_puts_a_parameter_for_each_setting():
    def function(path: str, *, force: bool = False, **settings: Any) -> int:
        return 0

    made = with_settings(
        function,
        lambda f: inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=f.type),
    )
    parameters = inspect.signature(made).parameters
    assert list(parameters) == ["path", "force", *DEFAULTS]
    assert get_args(made.__annotations__["epochs"])[0] is int
    assert made.__annotations__["path"] is str
