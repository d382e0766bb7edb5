import { describe, expect, it } from "vitest";
import { createSandbox, wording } from "./sandbox.ts";

const sandbox = createSandbox();

describe("values that cannot be honoured are refused", () => {
  it.each([
    ["sslmode=on", ['"sslmode"', '"verify-full"', '"on"']],
    ["sslmode=''", ['"sslmode"']],
    ["sslnegotiation=direct", ['"postgres"', "Direct TLS"]],
    ["channel_binding=require", ['"disable", "prefer"']],
    ["gssencmode=require", ['"disable", "prefer"']],
    ["gssdelegation=1", ["GSSAPI"]],
    ["client_encoding=LATIN1", ["UTF-8"]],
    ["load_balance_hosts=random", ['"disable"']],
    ["target_session_attrs=master", ['"primary"']],
    ["replication=database", ["ordinary connection"]],
    ["require_auth=scram-sha-256", ["Remove it"]],
    ["requirepeer=postgres", ["Remove it"]],
    ["sslcrldir=/x", ['"sslcrl"']],
    ["sslkeylogfile=/x", ["Remove it"]],
    ["sslcertmode=require", ['"allow"']],
    ["sslsni=0", ['"1"']],
    ["min_protocol_version=3.2", ['"3.0"']],
    ["ssl_min_protocol_version=SSLv3", ['"TLSv1.2"']],
    ["scram_client_key=c2VjcmV0", ["password"]],
    ["oauth_client_secret=c2VjcmV0", ["OAuth"]],
    ["connect_timeout=soon", ["not a whole number"]],
  ])("%s", async (parameter, expected) => {
    const error = await sandbox.failure({ url: `host=h ${parameter}` });
    const name = parameter.split("=", 1)[0];
    expect(error.code).toBe("CONFIG_INVALID");
    for (const part of [`"${name}" from "--url"`, ...expected]) {
      expect(wording(error)).toContain(part);
    }
    expect(wording(error)).not.toContain("c2VjcmV0");
  });

  it.each([
    ["PGCHANNELBINDING", "require"],
    ["PGGSSENCMODE", "require"],
    ["PGREQUIREAUTH", "scram-sha-256"],
    ["PGREQUIREPEER", "postgres"],
    ["PGSSLMODE", "on"],
    ["PGSSLNEGOTIATION", "direct"],
    ["PGSSLCRLDIR", "/x"],
    ["PGSSLCERTMODE", "disable"],
    ["PGTARGETSESSIONATTRS", "master"],
    ["PGLOADBALANCEHOSTS", "random"],
    ["PGCLIENTENCODING", "LATIN1"],
  ])("%s=%s", async (variable, value) => {
    const error = await sandbox.failure({ url: "host=h", env: { [variable]: value } });
    expect(wording(error)).toContain(`"${variable}"`);
  });
});

it.each([
  "application_name=x fallback_application_name=y",
  "keepalives=0 keepalives_idle=1 keepalives_interval=1 keepalives_count=1 tcp_user_timeout=1",
  "channel_binding=prefer gssencmode=disable krbsrvname=postgres",
  "client_encoding=utf8",
  "client_encoding=auto",
  "client_encoding=''",
  "sslnegotiation=postgres sslsni=1 sslcompression=0 sslcertmode=allow",
  "load_balance_hosts=disable replication=off",
  "require_auth=''",
  "min_protocol_version=3.0 max_protocol_version=latest",
])("accepts %s", async (parameters) => {
  const { warnings } = await sandbox.load({ url: `host=h ${parameters}` });
  expect(warnings).toEqual([]);
});

it("lets the text overrule a variable that would be refused", async () => {
  const connection = await sandbox.connection({
    url: "host=h gssencmode=disable",
    env: { PGGSSENCMODE: "require", PGSSLMODE: "" },
  });
  expect(connection.tls).toBe("prefer");
});
