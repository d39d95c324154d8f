using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace IncomingCalls.ClusterTests;

/// <summary>The faults that the next attempts of a node have. The fault injector requests them through <see cref="Path"/>.</summary>
internal sealed class HandlerFaults
{
    /// <summary>The path that a fault is posted to, followed by its name.</summary>
    public const string Path = "/fault/";

    private readonly Lock _gate = new();
    private readonly Queue<HandlerFault> _requested = [];

    /// <summary>Lets the fault injector request faults.</summary>
    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Path + "{fault}", static (HandlerFault fault, HandlerFaults faults) => faults.Request(fault));

    /// <summary>Takes the fault that an attempt has.</summary>
    public HandlerFault Take()
    {
        lock (_gate)
        {
            return _requested.TryDequeue(out var fault) ? fault : HandlerFault.None;
        }
    }

    private void Request(HandlerFault fault)
    {
        lock (_gate)
        {
            _requested.Enqueue(fault);
        }
    }
}

/// <summary>A fault of an attempt.</summary>
internal enum HandlerFault
{
    None = 0,

    /// <summary>The handler ends its process, as a stack overflow does.</summary>
    FailFast,

    /// <summary>The handler blocks its thread in the transaction until the attempt was given up, and then continues to write.</summary>
    Block,

    /// <summary>The handler keeps its transaction open for seconds, and succeeds.</summary>
    Hold,
}
