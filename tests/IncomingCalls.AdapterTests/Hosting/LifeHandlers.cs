using System.Net;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>Around every attempt: counts the running ones, and is the place before the result is stored.</summary>
internal sealed class LifeFilter(ProcessLife life) : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        life.AddRunning(1);
        try
        {
            await next(context, cancellationToken);
            await life.ReachAsync(KillPlace.BeforeSettle, applies: null, cancellationToken);
        }
        finally
        {
            life.AddRunning(-1);
        }
    }
}

/// <summary>The outermost handler of the HTTP client: a request begins to wait for its turn.</summary>
internal sealed class PacingBegins(ProcessLife life) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await life.ThrowIfEndedAsync(cancellationToken);
        var waiting = new WaitingRequest(life);
        request.Options.Set(WaitingRequest.Key, waiting);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            waiting.End();
        }
    }
}

/// <summary>The innermost handler: a request is sent.</summary>
internal sealed class PacingEnds(ProcessLife life) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.TryGetValue(WaitingRequest.Key, out var waiting);
        waiting!.End();
        await life.ReachAsync(KillPlace.BeforeRequest, applies: null, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        // The delay that an answer asks for is lost with the process that has received it, so the next one would come too early.
        await life.ReachAsync(KillPlace.AfterRequest, () => response.StatusCode != HttpStatusCode.TooManyRequests, cancellationToken);
        return response;
    }
}

/// <summary>A request that waits for its turn or for a permit.</summary>
internal sealed class WaitingRequest
{
    public static readonly HttpRequestOptionsKey<WaitingRequest> Key = new("waiting");

    private readonly ProcessLife _life;
    private int _hasEnded;

    public WaitingRequest(ProcessLife life)
    {
        _life = life;
        life.AddPacing(1);
    }

    public void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            _life.AddPacing(-1);
        }
    }
}
