import pytest, time
from documents import verifying
from tests.trust import world
@pytest.mark.django_db
def test_w(cast, django_assert_max_num_queries):
    t=time.time(); w=world.build(cast); print("build",time.time()-t)
    t=time.time(); d=list(verifying.differences()); print("verify",time.time()-t); print("\n".join(d))
    assert d==[]
