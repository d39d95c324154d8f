using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.ClusterTests;

/// <summary>Observes which process requests notifications, through the request diagnostics of ASP.NET Core that the server of the simulator emits.</summary>
internal sealed class PollRequestObserver : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Prefix = "process-";
    private const string RequestStarted = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Start";
    private const string RequestStopped = "Microsoft.AspNetCore.Hosting.HttpRequestIn.Stop";

    private readonly Lock _gate = new();
    private readonly List<PollRequest> _requests = [];
    private readonly Dictionary<HttpContext, long> _open = [];
    private readonly List<IDisposable> _subscriptions = [];

    /// <summary>Starts to observe. Must be called before the gateway starts.</summary>
    public PollRequestObserver() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    /// <summary>Gets the requests that a gateway has answered so far. The observer sees the gateways of other rounds as well.</summary>
    public IReadOnlyList<PollRequest> RequestsAt(int port)
    {
        lock (_gate)
        {
            return [.. _requests.Where(request => request.Port == port)];
        }
    }

    /// <summary>Gets the prefix of the request paths of a process.</summary>
    public static string PrefixOf(int process) => string.Create(CultureInfo.InvariantCulture, $"/{Prefix}{process}");

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.AspNetCore")
        {
            _subscriptions.Add(value.Subscribe(this, static (name, _, _) => name is RequestStarted or RequestStopped or "Microsoft.AspNetCore.Hosting.HttpRequestIn"));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not HttpContext context)
        {
            return;
        }

        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            if (value.Key == RequestStarted)
            {
                _open[context] = now;
            }
            else if (value.Key == RequestStopped && _open.Remove(context, out var from) && Read(context, from, now) is { } request)
            {
                _requests.Add(request);
            }
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    private static PollRequest? Read(HttpContext context, long from, long to) =>
        context.Request.Path.Value!.Split('/') is ["", var process, var instance, var method, ..] && method is "receiveNotification" or "deleteNotification"
            ? new()
            {
                Port = context.Request.Host.Port ?? 0,
                Process = int.Parse(process.AsSpan(Prefix.Length), CultureInfo.InvariantCulture),
                IdInstance = long.Parse(instance.AsSpan("waInstance".Length), CultureInfo.InvariantCulture),
                IsDeletion = method == "deleteNotification",
                ReceivedAt = from,
                AnsweredAt = to,
            }
            : null;
}
