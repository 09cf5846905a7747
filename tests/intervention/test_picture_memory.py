"""What a picture of few bytes may cost: measured in a process of its own, over the worst that is accepted."""

import subprocess
import sys

import pytest

# Prints by how many MB the most that the process ever held has grown.
MEASURE = """
import io, os, resource, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django
django.setup()
from PIL import Image
from documents.refusals import Invalid
from intervention.pictures import read_picture
sent = sys.stdin.buffer.read()
Image.preinit()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    picture = read_picture(sent)
    told = f"{picture.width}x{picture.height}"
except Invalid as refusal:
    told = str(refusal)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024, told)
"""
DRAW = """
import io, sys
from PIL import Image
mode, kind, width, height, *transparent = sys.argv[1:]
picture = Image.new(mode, (int(width), int(height)), 1 if mode == "P" else "grey")
options = {"transparency": 0} if transparent else {}
picture.save(sys.stdout.buffer, kind, **options)
"""


def drawn(*how):
    """Drawn elsewhere: this process keeps what it once held."""
    return subprocess.run([sys.executable, "-c", DRAW, *how], stdout=subprocess.PIPE, check=True).stdout


def cost(data):
    told = subprocess.run([sys.executable, "-c", MEASURE], input=data, stdout=subprocess.PIPE, check=True)
    grown, said = told.stdout.decode().strip().split(" ", 1)
    return int(grown), said


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (("P", "PNG", "4000", "4000", "transparent"), "2000x2000"),
        (("RGBA", "PNG", "4000", "4000"), "2000x2000"),
        (("RGB", "JPEG", "7740", "7740"), "2000x2000"),
        (("RGB", "WEBP", "2800", "2800"), "2000x2000"),
        (("RGBA", "WEBP", "2800", "2800"), "2000x2000"),
        (("RGB", "JPEG", "20000", "2900"), "2000x290"),
    ],
)
def test_what_is_accepted_costs_little_memory(how, said):
    grown, told = cost(drawn(*how))
    assert told == said
    assert grown < 200


def test_a_palette_of_sixty_million_pixels_is_refused_before_it_is_decoded():
    data = drawn("P", "PNG", "7740", "7740", "transparent")
    assert len(data) < 100_000
    grown, told = cost(data)
    assert told == "PNG 照片尺寸过大（超过 1600 万像素），请缩小，或另存为 JPG 再上传。"
    assert grown < 20


def test_a_webp_of_sixteen_million_pixels_is_refused_before_it_is_decoded():
    data = drawn("RGB", "WEBP", "4000", "4000")
    grown, told = cost(data)
    assert told == "WebP 照片尺寸过大（超过 800 万像素），请缩小，或另存为 JPG 再上传。"
    assert grown < 60
