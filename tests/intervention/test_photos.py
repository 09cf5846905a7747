"""Photographs: what a file really is, what goes on of it, nothing twice, nothing for others, nothing lost."""

import io
from contextlib import suppress
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from PIL import Image
from rest_framework.authtoken.models import Token

from documents import verifying
from documents.refusals import Conflict, Denied, Invalid, TooLarge
from intervention import photos, pictures
from intervention.models import Photo, RecordEvent
from intervention.site import finding as finding_verbs
from organization import clock
from tests.api.programs import ABSENT, Program
from tests.intervention import site
from tests.intervention.test_legality import EVERYBODY

pytestmark = pytest.mark.django_db
GPS = 0x8825


@pytest.fixture
def finding(cast):
    return site.found(cast, site.visit(cast))


def picture_of(stored):
    with stored.open("rb") as file:
        opened = Image.open(io.BytesIO(file.read()))
        opened.load()
        return opened


def test_a_photograph_is_upright_small_enough_and_knows_no_position(cast, finding):
    [photo] = site.photograph(cast, finding, site.camera((3000, 1500), orientation=6))
    full, small = picture_of(photo.file), picture_of(photo.small)
    assert (full.format, full.size, small.size) == ("JPEG", (1000, 2000), (160, 320))
    assert (photo.width, photo.height, photo.size) == (1000, 2000, photo.file.size)
    assert dict(full.getexif()) == {}
    assert b"Exif" not in photo.file.open("rb").read()
    assert (photo.has_position, photo.role, photo.bearer) == (False, "before", "finding")
    assert photo.taken_at == clock.shanghai(2026, 11, 22, 16, 5).replace(second=9)


def test_a_policy_keeps_the_position_and_nothing_else_of_the_camera(cast, finding):
    photos.set_policy(actor=cast.administrator, project=finding.project, keeps_position=True)
    [photo] = site.photograph(cast, finding, site.camera())
    exif = picture_of(photo.file).getexif()
    assert photo.has_position
    assert [float(n) for n in exif.get_ifd(GPS)[2]] == [30.0, 15.0, 30.5]
    assert set(exif) == {GPS}
    assert dict(picture_of(photo.small).getexif()) == {}


def test_only_administrators_change_the_policy(cast, finding):
    with pytest.raises(Exception, match="管理员"):
        photos.set_policy(actor=cast.property_project_manager, project=finding.project, keeps_position=True)
    assert not photos.keeps_position(finding.project)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_ends_upright(orientation):
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 20, 10))
    turned = picture
    # How a camera that was held so stores it.
    for back in {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}.get(orientation, []):
        turned = picture.transpose(Image.Transpose(back))
    exif, data = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    turned.save(data, "JPEG", exif=exif, quality=95)
    read = pictures.read_picture(data.getvalue())
    upright = Image.open(io.BytesIO(read.full)).convert("L")
    assert upright.size == (40, 20)
    assert (upright.getpixel((5, 5)) < 80, upright.getpixel((35, 5)) > 180, upright.getpixel((5, 15)) > 180) == (
        True, True, True,
    )  # fmt: skip


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16", "CMYK"])
def test_pictures_of_every_kind_of_colour_become_jpeg(mode):
    data = io.BytesIO()
    Image.new(mode, (30, 20)).save(data, "JPEG" if mode == "CMYK" else "PNG")
    read = pictures.read_picture(data.getvalue())
    assert (read.width, read.height, read.full[:3]) == (30, 20, b"\xff\xd8\xff")


def test_a_colour_profile_is_no_hiding_place():
    data = io.BytesIO()
    Image.new("RGB", (10, 10)).save(data, "JPEG", icc_profile=b"<script>PAYLOAD" * 20_000)
    full = pictures.read_picture(data.getvalue()).full
    assert (b"PAYLOAD" in full, len(full) < 2_000) == (False, True)


def test_a_program_that_sends_no_body_is_told_to_choose_photographs(cast, finding):
    for more in ({}, {"content_type": "application/json"}):
        answer = Client(
            headers={"Authorization": f"Token {Token.objects.get_or_create(user=cast.property_clerk)[0].key}"}
        ).post(f"/api/v1/records/finding/{finding.pk}/photos/", **more)
        assert answer.status_code in (400, 415)


def test_the_rule_for_positions_of_no_project_is_not_there(cast, log_in):
    assert log_in(cast.administrator).post("/settings/photos/", {"project": "x\0y", "keeps": "1"}).status_code == 404


def test_what_is_transparent_becomes_white():
    data = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(data, "PNG")
    assert Image.open(io.BytesIO(pictures.read_picture(data.getvalue()).full)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "照片是空的"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "不接受 HEIC 照片"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "不接受 HEIC 照片"),
        (b"GIF89a" + b"\0" * 30, "只接受 JPG、PNG、WebP 照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "只接受 JPG、PNG、WebP 照片"),
        (b"%PDF-1.7", "只接受 JPG、PNG、WebP 照片"),
        (b"\xff\xd8\xff" + b"\0" * 40, "照片已损坏"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "照片已损坏"),
        (site.jpeg((400, 300)).read()[:900], "照片已损坏"),
    ],
)
def test_what_is_no_photograph_is_refused_with_its_reason(cast, finding, data, sentence):
    with pytest.raises(Invalid, match=sentence):
        site.photograph(cast, finding, SimpleUploadedFile("照片.jpg", data, "image/jpeg"))
    assert Photo.objects.count() == 0


def test_a_picture_that_would_fill_the_memory_is_not_opened(cast, finding, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 64 * 48 - 1)
    with pytest.raises(Invalid, match="6000 万像素"):
        site.photograph(cast, finding)


def test_twenty_megabytes_are_the_most(cast, finding, settings):
    settings.ATTACHMENT_MAX_BYTES = 500
    with pytest.raises(TooLarge, match="20 MB"):
        site.photograph(cast, finding)


def test_several_at_once_are_stored_all_or_none(cast, finding):
    bad = SimpleUploadedFile("b.jpg", b"GIF89a", "image/jpeg")
    with pytest.raises(Invalid, match="第 2 张：只接受"):
        site.photograph(cast, finding, site.jpeg(), bad)
    assert Photo.objects.count() == 0
    stored = site.photograph(cast, finding, site.jpeg(colour="red"), site.jpeg(colour="blue"))
    assert len(stored) == Photo.objects.count() == 2
    assert RecordEvent.objects.filter(subject="finding", code="photographed").count() == 1


def test_a_record_carries_thirty_that_are_shown(cast, finding, monkeypatch):
    monkeypatch.setattr(photos, "MAX", 2)
    first, _second = site.photograph(cast, finding, site.jpeg(colour="red"), site.jpeg(colour="blue"))
    with pytest.raises(Invalid, match="最多 2 张"):
        site.photograph(cast, finding, site.jpeg(colour="green"))
    photos.hide(photo_id=first.pk, actor=cast.property_clerk, reason="拍糊了")
    assert site.photograph(cast, finding, site.jpeg(colour="green"))


def test_sent_again_it_is_the_same_photograph(cast, finding):
    keys = ["k-1", "k-2"]
    first = site.photograph(cast, finding, site.jpeg(colour="red"), site.jpeg(colour="blue"), sent_keys=keys)
    # The second time one of them is new: the connection dropped between the two.
    again = site.photograph(cast, finding, site.jpeg(colour="red"), site.jpeg(colour="green"), sent_keys=["k-1", "k-3"])
    assert [photo.pk for photo in again] == [first[0].pk, Photo.objects.latest("pk").pk]
    assert Photo.objects.count() == 3
    # Another person's device may have the same key.
    assert site.photograph(cast, finding, site.jpeg(colour="black"), by="property_project_manager", sent_keys=["k-1"])
    other = site.found(cast, finding.visit)
    with pytest.raises(Conflict, match="另一条记录"):
        site.photograph(cast, other, site.jpeg(colour="red"), sent_keys=["k-1"])


def test_the_same_picture_twice_is_one(cast, finding):
    [first], [second] = site.photograph(cast, finding), site.photograph(cast, finding)
    assert first.pk == second.pk


def test_who_photographs_what_when(cast, finding):
    with pytest.raises(Denied, match="物业经办人、项目物业经理"):
        site.photograph(cast, finding, by="project_engineer")
    with pytest.raises(Denied):
        site.photograph(cast, finding, role="after", by="project_engineer")
    with pytest.raises(Denied, match="不接受这种照片"):
        site.photograph(cast, finding, role="")
    finding_verbs.hand(finding_id=finding.pk, actor=cast.property_clerk)
    assert site.photograph(cast, finding, role="after", by="project_engineer")
    with pytest.raises(Denied):
        site.photograph(cast, finding, role="after", by="property_clerk")


def test_a_wrong_one_is_hidden_with_a_reason_and_its_bytes_stay(cast, finding, log_in):
    [photo] = site.photograph(cast, finding)
    with pytest.raises(Invalid, match="请填写原因"):
        photos.hide(photo_id=photo.pk, actor=cast.property_clerk, reason=" ")
    with pytest.raises(Denied):
        photos.hide(photo_id=photo.pk, actor=cast.marketing_head, reason="x")
    client = log_in(cast.property_clerk)
    assert client.post(f"/intervention/photos/{photo.pk}/hide/", {"reason": "拍到业主"}).status_code == 302
    with pytest.raises(Conflict, match="已被隐藏"):
        photos.hide(photo_id=photo.pk, actor=cast.property_clerk, reason="再次")
    assert client.get(f"/intervention/photos/{photo.pk}/full/").status_code == 404
    page = client.get(f"/intervention/findings/{finding.pk}/").content.decode()
    assert "另有 1 张照片已隐藏" in page
    assert "拍到业主" in page
    assert Photo.objects.get(pk=photo.pk).file.open("rb").read()


def test_bytes_go_to_those_who_see_the_record_and_to_nobody_else(cast, finding, log_in):
    [photo] = site.photograph(cast, finding)
    for copy in ("full", "small"):
        answer = log_in(cast.marketing_head).get(f"/intervention/photos/{photo.pk}/{copy}/")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store, private"
        assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
        for username in ("yj_property_clerk", "outsider", "foreign_clerk"):
            assert log_in(cast[username]).get(f"/intervention/photos/{photo.pk}/{copy}/").status_code == 404
            program = Program(cast[username]).get(f"photos/{photo.pk}/{copy}/")
            assert (program.status_code, program.json()) == (404, ABSENT)
    assert log_in(cast.marketing_head).get(f"/intervention/photos/{photo.pk}/huge/").status_code == 404


def test_pages_and_programs_store_and_are_refused_alike(cast, finding, log_in):
    program = Program(cast.property_clerk)
    path = f"records/finding/{finding.pk}/photos/"
    made = program.upload(path, role="before", file=[site.jpeg(), site.jpeg(colour="red")], sent_key=["a", "b"])
    assert made.status_code == 201
    assert len(made.json()["photos"]) == 2
    assert program.get(f"records/finding/{finding.pk}/").json()["photos"] == made.json()["photos"]
    heic = SimpleUploadedFile("i.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic")
    refused = program.upload(path, role="before", file=heic)
    assert refused.status_code == 400
    page = log_in(cast.property_clerk).post(
        f"/intervention/records/finding/{finding.pk}/photos/",
        {"role": "before", "file": SimpleUploadedFile("i.heic", b"\0\0\0\x18ftypheic\0\0\0\0")},
        follow=True,
    )
    assert refused.json()["errors"][0] in page.content.decode()
    assert program.upload(path, role="before").status_code == 400
    assert program.upload(path, role="during", file=site.jpeg()).status_code == 400
    assert Program(cast.yj_property_clerk).upload(path, role="before", file=site.jpeg()).json() == ABSENT
    hidden = program.post(f"photos/{made.json()['photos'][0]['id']}/hide/", {"reason": "重复"})
    assert hidden.status_code == 204
    assert Photo.objects.filter(hidden_at=None).count() == 1


def test_the_database_says_no_too(cast, finding):
    [photo] = site.photograph(cast, finding)
    photos.hide(photo_id=photo.pk, actor=cast.property_clerk, reason="重复")
    [other] = site.photograph(cast, finding, site.jpeg(colour="red"))
    for sql in (
        f"DELETE FROM intervention_photo WHERE id = {photo.pk}",
        f"UPDATE intervention_photo SET sha256 = 'x' WHERE id = {other.pk}",
        f"UPDATE intervention_photo SET hidden_at = NULL, hidden_by_id = NULL, hidden_reason = '' WHERE id = {photo.pk}",
        f"UPDATE intervention_photo SET hidden_reason = 'x' WHERE id = {other.pk}",
        f"UPDATE intervention_photo SET finding_id = NULL WHERE id = {other.pk}",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_verify_finds_a_photograph_that_was_exchanged(cast, finding):
    [photo] = site.photograph(cast, finding)
    assert list(verifying.differences()) == []
    with photo.file.storage.open(photo.file.name, "wb") as file:
        file.write(b"\xff\xd8\xff")
    assert [line.split(":")[0] for line in verifying.differences()] == [
        f"intervention_photo {photo.pk} size",
        f"intervention_photo {photo.pk} sha256",
    ]
    photo.file.storage.delete(photo.file.name)
    assert list(verifying.differences()) == [f"intervention_photo {photo.pk} file: missing"]
    assert finding.visit.day == date(2026, 11, 23)


def test_the_administrator_sets_the_rule_for_positions_on_a_page(cast, log_in):
    client = log_in(cast.administrator)
    assert "改为保留" in client.get("/settings/photos/").content.decode()
    assert client.post("/settings/photos/", {"project": "CH", "keeps": "1"}).status_code == 302
    assert (photos.keeps_position(cast.projects["CH"]), photos.keeps_position(cast.projects["YJ"])) == (True, False)
    page = client.get("/settings/photos/").content.decode()
    assert page.count("改为去掉") == 1
    assert client.post("/settings/photos/", {"project": "NO", "keeps": "1"}).status_code == 404
    client.post("/settings/photos/", {"project": "CH", "keeps": "0"})
    assert not photos.keeps_position(cast.projects["CH"])


def test_the_project_manager_hides_no_photograph_of_the_other_company(cast, log_in):
    handed = site.brought(cast, "handed")
    [theirs] = site.photograph(cast, handed, by="project_engineer", role="after")
    finding_verbs.fix(finding_id=handed.pk, actor=cast.project_engineer, note="重做防水")
    manager = cast.property_project_manager
    sentence = "此照片由对方公司上传，只能由上传人本人隐藏；确需更换请联系上传人。"
    with pytest.raises(Denied, match=sentence):
        photos.hide(photo_id=theirs.pk, actor=manager, reason="拍糊了")
    answer = Program(manager).post(f"photos/{theirs.pk}/hide/", {"reason": "拍糊了"})
    assert (answer.status_code, answer.json()["errors"]) == (403, [sentence])
    address = f"/intervention/photos/{theirs.pk}/hide/"
    assert address not in log_in(manager).get(f"/intervention/findings/{handed.pk}/").content.decode()
    [ours] = site.photograph(cast, handed, site.jpeg(colour="red"), by="property_clerk", role="after")
    assert photos.hide(photo_id=ours.pk, actor=manager, reason="拍糊了").hidden_by == manager


def test_bytes_are_written_before_anything_is_locked_and_no_copy_is_left_over(cast, finding, monkeypatch):
    storage, done = Photo._meta.get_field("file").storage, []
    save, lock = storage.save, photos.journal.lock
    monkeypatch.setattr(storage, "save", lambda *how: done.append("written") or save(*how))
    monkeypatch.setattr(photos.journal, "lock", lambda *how: done.append("locked") or lock(*how))
    site.photograph(cast, finding)
    assert done == ["written", "written", "locked"]
    deleted = []
    monkeypatch.setattr(storage, "delete", deleted.append)
    again = site.photograph(cast, finding)
    assert len(deleted) == 2
    assert not {again[0].file.name, again[0].small.name} & set(deleted)


@pytest.mark.parametrize("uploader", ["property_clerk", "project_engineer"])
def test_who_hides_whose_photograph(cast, finding, uploader):
    """Whoever uploaded it, and the project manager those of the property company; everybody else is refused."""
    if uploader == "project_engineer":
        finding_verbs.hand(finding_id=finding.pk, actor=cast.property_clerk, due_on=date(2026, 12, 1))
        photo = site.photograph(cast, finding, site.jpeg(), by=uploader, role="after")[0]
    else:
        photo = site.photograph(cast, finding, site.jpeg(), role="before")[0]
    allowed = set()
    for username in EVERYBODY:
        with transaction.atomic():
            with suppress(Denied):
                photos.hide(photo_id=photo.pk, actor=cast[username], reason="拍错了")
                allowed.add(username)
            transaction.set_rollback(True)
    assert allowed == {uploader} | ({"property_project_manager"} if uploader == "property_clerk" else set())
