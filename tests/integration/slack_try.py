import sys, json
sys.dont_write_bytecode = True
from lib import *
with scratch() as d:
    fake=Fake(d); configure(d, slack_chat(fake.api))
    g=Gritd(d).wait_ready()
    g.take(created('D1','ana','Acme <!channel> & co'), moved('D1','ana','propose'))
    try:
        m=until('msg', lambda: fake.from_bot('U1'))[0]
        
        r=fake.act('click','U1',ts=m['ts'],action_id=buttons_of(m)['answer']['action_id'],wait=True); print(r)
        v=until('view', fake.views)[0]; 
        print(fake.act('submit','U1',view_id=v['view']['id'],values={'answer':{'value':'They want it quicker'}}))
        print(json.dumps(fake.from_bot('U1'),indent=1)[:100], [m['text'] for m in fake.from_bot('U1')]);until('upd', lambda: 'answer' not in buttons_of(fake.from_bot('U1')[0]))
        print(json.dumps(fake.from_bot('U1'),indent=1)[:3000])
        print(fake.stats())
        print(json.dumps(g.store().prompts(),indent=1), g.store().decisions(), g.store().outbox())
    finally:
        print(g.log()); print(g.stop()); fake.stop(); print(g.log())
