/* xmpp_sign_in.h: a session of xmpp_world.h comes up, with the texts of RFC 7677.
 * Include once, after xmpp_world.h. */
#pragma once

__attribute__((unused)) static void open_stream(void)
{
    fresh();
    xmpp_open(w.xmpp, NONCE, w.now, &w.out);
    assert_string_equal(frame(0), "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' "
                                  "to='example.com' version='1.0'/>");
    feed(OPENED);
    assert_null(w.out.first);
}

/* As far as the features after signing in. */
static void sign_in(const char *features)
{
    open_stream();
    feed(FEATURES "<mechanisms " SASL "><mechanism>PLAIN</mechanism>"
                  "<mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-256</mechanism>"
                  "</mechanisms></stream:features>");
    assert_string_equal(frame(0), "<auth " SASL " mechanism='SCRAM-SHA-256'>"
                                  "biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8=</auth>");
    feed("<challenge " SASL ">cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRr"
         "MCxzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxpPTQwOTY=</challenge>");
    assert_string_equal(frame(0),
                        "<response " SASL ">"
                        "Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhO"
                        "bEYkazAscD1kSHpiWmFwV0lrNGpVaE4rVXRlOXl0YWc5empmTUhnc3FtbWl6N0FuZFZRPQ=="
                        "</response>");
    feed("<success " SASL ">dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ=="
         "</success>");
    assert_non_null(said("<open "));
    feed(OPENED);
    feed(FEATURES "%s</stream:features>", features);
}

#define BIND_FEATURE "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
#define SM_FEATURE   "<sm " SM "/>"

static void bind_resource(void)
{
    assert_string_equal(frame(0), "<iq xmlns='jabber:client' type='set' id='bind'><bind "
                                  "xmlns='urn:ietf:params:xml:ns:xmpp-bind'></bind></iq>");
    feed(
        "<iq xmlns='jabber:client' type='result' id='bind'>"
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>user@example.com/x</jid></bind></iq>");
}

/* The answers to the questions of the start: account, server, roster, archive. Their ids are taken
 * from what was said. */
static void answer_start(const char *default_keep)
{
    char ids[4][16];
    static const char *const marks[] = {"to='user@example.com'", "to='example.com'",
                                        "jabber:iq:roster", "<prefs"};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        const char *text = said(marks[i]);
        assert_non_null(text);
        assert_int_equal(sscanf(strstr(text, "id='"), "id='%15[^']", ids[i]), 1);
    }
    feed("<iq xmlns='jabber:client' type='result' id='%s' from='user@example.com'>"
         "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:mam:2'/>"
         "<feature var='urn:xmpp:sid:0'/></query></iq>",
         ids[0]);
    feed("<iq xmlns='jabber:client' type='result' id='%s' from='example.com'>"
         "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
         ids[1]);
    feed("<iq xmlns='jabber:client' type='result' id='%s'><query xmlns='jabber:iq:roster'>"
         "<item jid='Rep@example.com' subscription='both'/><item jid='b@x' subscription='to'/>"
         "<item jid='a@x' ask='subscribe' subscription='none'/></query></iq>",
         ids[2]);
    if (*default_keep)
        feed("<iq xmlns='jabber:client' type='result' id='%s'><prefs " MAM " default='%s'/></iq>",
             ids[3], default_keep);
    else
        feed("<iq xmlns='jabber:client' type='error' id='%s'><error type='cancel'/></iq>", ids[3]);
}

/* Up, with stream management under the id "s1", or without; the start's stanzas acknowledged. */
static void come_up(bool managed)
{
    sign_in(managed ? BIND_FEATURE SM_FEATURE : BIND_FEATURE);
    bind_resource();
    if (managed) {
        assert_int_equal(items(XMPP_FRAME), 1); /* nothing else before the answer */
        assert_string_equal(frame(0), "<enable " SM " resume='true'/>");
        feed("<enabled " SM " id='s1' max='600' resume='true'/>");
    }
    answer_start("always");
    assert_int_equal(items(XMPP_UP), 1);
    assert_non_null(said("<presence xmlns='jabber:client'/>"));
    if (managed)
        feed("<a " SM " h='5'/>"); /* four questions and the presence */
}
