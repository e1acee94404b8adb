"""Packaging of spacy_sgns."""

from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
PLOT = ["matplotlib>=3.8", "scikit-learn>=1.4"]
UMAP = ["umap-learn>=0.5.6"]  # not in "all": its compiler comes late to new versions of Python and NumPy
TEST = [
    "hypothesis>=6",
    "pytest>=8",
    "pytest-xdist>=3.6",
    "ruff>=0.9",
    "mypy>=1.14",
    "scipy>=1.11",
    "setuptools>=77",
    *PLOT,
]
DATAFRAME = ["pandas>=2"]
BENCHMARK = ["floret>=0.10.5", "gensim>=4.3", "matplotlib>=3.8", "scipy>=1.11"]

setup(
    name="spacy-sgns",
    version="0.1.0",
    description="Train word vectors for spaCy in pure NumPy: skip-gram with negative sampling, one command",
    long_description=(HERE / "README.md").read_text(encoding="utf8") if (HERE / "README.md").exists() else "",
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.10",
    packages=find_packages(include=["spacy_sgns", "spacy_sgns.*"]),
    package_data={"spacy_sgns": ["py.typed", "sample/*.txt", "pictures/*.html", "pictures/*.css", "pictures/*.js"]},
    install_requires=[
        "catalogue>=2.0.10,<2.1",
        "filelock>=3.12",
        "numpy>=2.0",
        "spacy>=3.8,<4",
        "srsly>=2.4.3,<3",
        "threadpoolctl>=3.5",
        "tqdm>=4.38,<5",
        "typer>=0.12,<1",
        "wasabi>=0.9.1,<1.2",
    ],
    extras_require={
        "test": TEST,
        "plot": PLOT,
        "umap": UMAP,
        "dataframe": DATAFRAME,
        "benchmark": BENCHMARK,
        "all": sorted({*TEST, *PLOT, *DATAFRAME, *BENCHMARK}),
    },
    entry_points={
        "spacy_factories": ["sgns = spacy_sgns.pipeline.component:make_sgns"],
        "spacy_cli": ["sgns = spacy_sgns.cli:sgns_cli"],
        "spacy_readers": ["spacy_sgns.TextCorpus.v1 = spacy_sgns.pipeline.reader:text_corpus_v1"],
        "spacy_callbacks": ["spacy_sgns.train_vectors.v1 = spacy_sgns.pipeline.callback:train_vectors_v1"],
        "spacy_scorers": ["spacy_sgns.gold_scorer.v1 = spacy_sgns.pipeline.scorer:gold_scorer_v1"],
        "spacy_sgns_architectures": [
            "cbow.v1 = spacy_sgns.training.architectures.cbow:cbow_v1",
            "skipgram.v1 = spacy_sgns.training.architectures.skipgram:skipgram_v1",
        ],
        "spacy_sgns_objectives": [
            "hierarchical_softmax.v1 = spacy_sgns.training.objectives.hierarchical_softmax:hierarchical_softmax_v1",
            "negative_sampling.v1 = spacy_sgns.training.objectives.negative_sampling:negative_sampling_v1",
        ],
        "spacy_sgns_weightings": [
            "linear.v1 = spacy_sgns.training.architectures.weightings:linear_v1",
            "dynamic.v1 = spacy_sgns.training.architectures.weightings:dynamic_v1",
            "harmonic.v1 = spacy_sgns.training.architectures.weightings:harmonic_v1",
            "flat.v1 = spacy_sgns.training.architectures.weightings:flat_v1",
        ],
        "spacy_sgns_noises": [
            "unigram.v1 = spacy_sgns.training.objectives.noises:unigram_v1",
            "in_batch.v1 = spacy_sgns.training.objectives.noises:in_batch_v1",
            "uniform.v1 = spacy_sgns.training.objectives.noises:uniform_v1",
        ],
        "spacy_sgns_sources": [
            "text.v1 = spacy_sgns.sources.text:text_v1",
            "jsonl.v1 = spacy_sgns.sources.jsonl:jsonl_v1",
            "docbin.v1 = spacy_sgns.tokenization.docbin:docbin_v1",
        ],
        "spacy_sgns_formats": [
            "word2vec_text.v1 = spacy_sgns.vectors.formats.word2vec_text:word2vec_text_v1",
            "word2vec_binary.v1 = spacy_sgns.vectors.formats.word2vec_binary:word2vec_binary_v1",
        ],
    },
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Console",
        "Intended Audience :: Developers",
        "Intended Audience :: Science/Research",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
        "Topic :: Text Processing :: Linguistic",
        "Typing :: Typed",
    ],
)
