using System.Net;
using StackExchange.Redis;

namespace IncomingCalls.Processes;

/// <summary>The connection options of all processes of the tests: short timeouts, and unlimited reconnects.</summary>
internal static class RedisOptions
{
    public static ConfigurationOptions ForPort(int port) => new()
    {
        EndPoints = { { IPAddress.Loopback, port } },
        AbortOnConnectFail = false,
        ConnectTimeout = 1000,
        AsyncTimeout = 2000,
        SyncTimeout = 2000,
        ConnectRetry = 100,
        ReconnectRetryPolicy = new LinearRetry(200),
        BacklogPolicy = BacklogPolicy.FailFast,
    };
}
