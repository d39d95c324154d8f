using System.Net;
using StackExchange.Redis;

namespace IncomingCalls.Processes;

/// <summary>How everybody here connects to Redis: impatiently, and again and again.</summary>
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
