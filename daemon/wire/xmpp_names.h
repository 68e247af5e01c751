/* xmpp_names.h: namespaces, as the documents give them.
 * Layer: wire (pure). */
#pragma once

#define NS_CLIENT  "jabber:client"
#define NS_FRAMING "urn:ietf:params:xml:ns:xmpp-framing"
#define NS_STREAM  "http://etherx.jabber.org/streams"
#define NS_STREAMS "urn:ietf:params:xml:ns:xmpp-streams"
#define NS_STANZAS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_SASL    "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_BIND    "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_SM      "urn:xmpp:sm:3"
#define NS_MAM     "urn:xmpp:mam:2"
#define NS_RSM     "http://jabber.org/protocol/rsm"
#define NS_FORWARD "urn:xmpp:forward:0"
#define NS_DELAY   "urn:xmpp:delay"
#define NS_SID     "urn:xmpp:sid:0"
#define NS_CARBONS "urn:xmpp:carbons:2"
#define NS_PING    "urn:xmpp:ping"
#define NS_ROSTER  "jabber:iq:roster"
#define NS_DISCO   "http://jabber.org/protocol/disco#info"
#define NS_REPLY   "urn:xmpp:reply:0"
#define NS_HINTS   "urn:xmpp:hints"
#define NS_CORRECT "urn:xmpp:message-correct:0"
