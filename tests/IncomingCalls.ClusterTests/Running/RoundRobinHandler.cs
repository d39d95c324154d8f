namespace IncomingCalls.ClusterTests;

/// <summary>Sends each post to the next process, as a load balancer does that has not noticed yet which of them are running.</summary>
internal sealed class RoundRobinHandler(Func<IReadOnlyList<Uri>> processes) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _next;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var addresses = processes();
        if (addresses.Count == 0)
        {
            throw new HttpRequestException("No process is listening.");
        }

        var process = addresses[(int)((uint)Interlocked.Increment(ref _next) % (uint)addresses.Count)];
        request.RequestUri = new(process, request.RequestUri!.AbsolutePath);
        return base.SendAsync(request, cancellationToken);
    }
}
