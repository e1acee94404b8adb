import pytest
import spacy
from thinc.api import Config

from spacy_sgns import registry
from spacy_sgns.errors import SettingError
from spacy_sgns.pipeline.config import SLOT_OF_REGISTRY, as_config, register, settings_from_config
from spacy_sgns.registry import Choice
from spacy_sgns.settings import Settings


@pytest.fixture
def other_objective():
    """An objective with parameters, registered as by another package."""

    def other_v2(*, power: float = 0.5, words: int = 3) -> object:
        if power > 1:
            raise SettingError(f"power must be at most 1, got {power}.")
        return object()

    registry.objectives.register("other.v2", func=other_v2)
    yield "other.v2"
    del registry.catalogue.REGISTRY[("spacy_sgns", "objectives", "other.v2")]


def objective(nlp):
    return nlp.get_pipe("sgns").settings.objective


def test_spacy_knows_the_registries():
    register()  # again
    assert spacy.registry.sgns_architectures.get_all().keys() == {"cbow.v1", "skipgram.v1"}
    assert spacy.registry.get("sgns_objectives", "negative_sampling.v1")() == Choice(
        "objective", "negative_sampling.v1"
    )
    assert set(SLOT_OF_REGISTRY) <= set(spacy.registry.get_registry_names())


def test_blocks_resolve_to_choices(nlp, other_objective):
    nlp.add_pipe("sgns", config={"objective": {"@sgns_objectives": other_objective, "power": 0.25, "words": 9}})
    assert objective(nlp) == Choice("objective", "other.v2", {"power": 0.25, "words": 9})


@pytest.mark.parametrize("own", [{"power": "big"}, {"pwer": 0.5}])
def test_settings_of_an_alternative_are_checked(nlp, other_objective, own):
    with pytest.raises(ValueError, match=next(iter(own))):
        nlp.add_pipe("sgns", config={"objective": {"@sgns_objectives": other_objective, **own}})


def test_range_of_an_alternatives_setting_is_checked_at_once(nlp, other_objective):
    with pytest.raises(SettingError, match=r"^power must be at most 1, got 2\.0\.$"):
        nlp.add_pipe("sgns", config={"objective": {"@sgns_objectives": other_objective, "power": 2.0}})


def test_blocks_round_trip(nlp, other_objective, tmp_path):
    nlp.add_pipe("sgns", config={"objective": {"@sgns_objectives": other_objective, "power": 0.25}})
    wanted = nlp.get_pipe("sgns").settings
    text = nlp.config.to_str()
    assert '[components.sgns.objective]\n@sgns_objectives = "other.v2"\npower = 0.25' in text
    nlp.to_disk(tmp_path / "saved")
    for again in (
        spacy.util.load_model_from_config(Config().from_str(text), auto_fill=True),
        spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes()),
        spacy.load(tmp_path / "saved"),
        spacy.load(tmp_path / "saved", config={"components.sgns.objective.words": 4}),
    ):
        assert objective(again).name == "other.v2" and objective(again).settings["power"] == 0.25
    assert objective(again).settings["words"] == 4
    assert spacy.load(tmp_path / "saved").get_pipe("sgns").settings == wanted


def test_settings_stand_in_a_config_as_they_are(other_objective):
    settings = Settings.of(dim=7, drop=["url"], objective={"name": "other.v2", "words": 2})
    block = as_config(settings)
    assert block["objective"] == {"@sgns_objectives": "other.v2", "words": 2} and block["dim"] == 7
    assert Settings.of(**settings_from_config(block)) == settings
    assert Settings.of(**settings_from_config({"objective": "other"})).objective.name == "other.v2"
