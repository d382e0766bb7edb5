import { PostgreSqlContainer, type StartedPostgreSqlContainer } from "@testcontainers/postgresql";
import { getContainerRuntimeClient, Wait } from "testcontainers";

/**
 * Starts a server in a container of its own, of the image that TEST_POSTGRES_IMAGE names. Whoever starts it stops it,
 * which also removes it and its volume.
 */
export async function startContainer(): Promise<StartedPostgreSqlContainer> {
  const image = process.env["TEST_POSTGRES_IMAGE"] ?? "postgres:17-alpine";
  // So that the run can look whether it has left one behind.
  const labels = { "doramaflix-db.test-run": process.env["TEST_CONTAINERS_RUN"] ?? "" };
  return (
    new PostgreSqlContainer(image)
      .withLabels(labels)
      // As the embedded server does.
      .withCommand(["postgres", "-c", "shared_preload_libraries=pg_stat_statements"])
      // Not the library's health check, which some engines never run. The first server to be ready is the one that
      // the image starts to create the database, and nobody can reach that.
      .withWaitStrategy(
        Wait.forAll([
          Wait.forLogMessage("database system is ready to accept connections", 2),
          Wait.forListeningPorts(),
        ]),
      )
      .start()
  );
}

/** Ends the server with a signal, and waits until its container has stopped; the container stays, with its data. */
export async function endServer(
  container: StartedPostgreSqlContainer,
  signal: "SIGINT" | "SIGKILL",
): Promise<void> {
  const { container: containers } = await getContainerRuntimeClient();
  const handle = containers.getById(container.getId());
  await handle.kill({ signal });
  await handle.wait();
}

/** Starts a container that has stopped; returns the server's address, whose port may be another one than before. */
export async function startAgain(container: StartedPostgreSqlContainer): Promise<string> {
  const { container: containers } = await getContainerRuntimeClient();
  const handle = containers.getById(container.getId());
  await handle.start();
  const { NetworkSettings: network } = await handle.inspect();
  const url = new URL(container.getConnectionUri());
  url.port = network.Ports["5432/tcp"]?.[0]?.HostPort ?? "";
  return url.href;
}
