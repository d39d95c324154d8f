namespace IncomingCalls.ClusterTests;

/// <summary>Sends each post to the next silo, as a load balancer does that has not noticed yet which of them are running.</summary>
internal sealed class RoundRobinHandler(Func<IReadOnlyList<Uri>> silos) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _next;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var addresses = silos();
        if (addresses.Count == 0)
        {
            throw new HttpRequestException("No silo is listening.");
        }

        var silo = addresses[(int)((uint)Interlocked.Increment(ref _next) % (uint)addresses.Count)];
        request.RequestUri = new(silo, request.RequestUri!.AbsolutePath);
        return base.SendAsync(request, cancellationToken);
    }
}
