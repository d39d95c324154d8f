using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>A gateway on the loopback address that can answer anything.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly ConcurrentDictionary<long, FakeInstance> _instances = new();
    private WebApplication _app = null!;

    public TestSignal Signal { get; } = new();

    public Uri ApiUrl { get; private set; } = null!;

    /// <summary>Answers requests for unknown instances; null for 403.</summary>
    public Func<HttpContext, Task<bool>>? FallbackHandler { get; set; }

    public static async Task<FakeGateway> StartAsync()
    {
        var gateway = new FakeGateway();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        gateway._app = builder.Build();
        gateway._app.Map("{**path}", gateway.RespondAsync);
        await gateway._app.StartAsync();
        gateway.ApiUrl = new(gateway._app.Urls.First());
        return gateway;
    }

    public FakeInstance AddInstance(long idInstance = NotificationJson.IdInstance) =>
        _instances[idInstance] = new(idInstance, $"s3cret-{idInstance}", Signal);

    public CallInstance ToCallInstance(FakeInstance account, string? token = null) =>
        new() { IdInstance = account.IdInstance, ApiUrl = ApiUrl, ApiTokenInstance = token ?? account.Token };

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    public static async Task<bool> SendAsync(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body, context.RequestAborted);
        return true;
    }

    private async Task RespondAsync(HttpContext context)
    {
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var start = Array.FindIndex(parts, part => part.StartsWith("waInstance", StringComparison.Ordinal));
        if (start < 0 || !_instances.TryGetValue(long.Parse(parts[start]["waInstance".Length..], CultureInfo.InvariantCulture), out var account))
        {
            await (FallbackHandler?.Invoke(context) ?? SendAsync(context, 403, "<html>Forbidden</html>", "text/html"));
            return;
        }

        var method = parts[start + 1];
        if (method == "getWaSettings" && !account.RespondsToGetWaSettings)
        {
            // Each host requests it once in the background; it is no part of what the tests of requests are about.
            await SendAsync(context, 200, """{"stateInstance":"authorized","phone":"70000000001","chatId":""}""");
            return;
        }

        account.RecordRequest(method);
        if (account.Responder is { } answer && await answer(method, context))
        {
            return;
        }

        if (parts[start + 2] != account.Token)
        {
            context.Response.StatusCode = 401;
            return;
        }

        await (method switch
        {
            "receiveNotification" => ReceiveAsync(account, context),
            "deleteNotification" => SendAsync(context, 200, $$"""{"result":{{(account.Delete(long.Parse(parts[start + 3], CultureInfo.InvariantCulture)) ? "true" : "false")}},"reason":""}"""),
            "getContactInfo" => SendAsync(context, 200, """{"avatar":"","name":"vanya","contactName":"Ivan (office)","lastSeen":null}"""),
            "getStateInstance" => SendAsync(context, 200, """{"stateInstance":"authorized"}"""),
            _ => SendAsync(context, 404, ""),
        });
    }

    private async Task ReceiveAsync(FakeInstance account, HttpContext context)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        wait.CancelAfter(TimeSpan.FromSeconds(int.Parse(context.Request.Query["receiveTimeout"]!, CultureInfo.InvariantCulture)));
        Interlocked.Increment(ref account.WaitingPolls);
        Signal.Notify();
        try
        {
            await Signal.WaitUntilAsync(() => account.PeekNotification() is not null).WaitAsync(wait.Token);
        }
        catch (OperationCanceledException)
        {
            // The long poll timed out, or the client disconnected.
        }
        finally
        {
            Interlocked.Decrement(ref account.WaitingPolls);
            Signal.Notify();
        }

        await SendAsync(context, 200, account.PeekNotification() ?? "null");
    }
}

/// <summary>An instance of the gateway: its queue, its requests, and its answers.</summary>
internal sealed class FakeInstance(long idInstance, string token, TestSignal pulse)
{
    private readonly Lock _lock = new();
    private readonly List<(long ReceiptId, string Body)> _queue = [];
    private readonly List<string> _requests = [];
    private long _lastReceiptId = 5_000_000_000;

    public long IdInstance { get; } = idInstance;

    public string Token { get; set; } = token;

    /// <summary>Answers a request instead of the gateway; returns false to let the gateway answer.</summary>
    public Func<string, HttpContext, Task<bool>>? Responder { get; set; }

    /// <summary>Whether <see cref="Responder"/> and <see cref="Requests"/> get the requests of getWaSettings, too.</summary>
    public bool RespondsToGetWaSettings { get; set; }

    /// <summary>The number of long polls that are waiting.</summary>
    public int WaitingPolls;

    public int QueueLength
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public int Count(string method) => Requests.Count(request => request == method);

    public void RecordRequest(string method)
    {
        lock (_lock)
        {
            _requests.Add(method);
        }

        pulse.Notify();
    }

    public long Enqueue(string body)
    {
        long receiptId;
        lock (_lock)
        {
            receiptId = ++_lastReceiptId;
            _queue.Add((receiptId, body));
        }

        pulse.Notify();
        return receiptId;
    }

    public string? PeekNotification()
    {
        lock (_lock)
        {
            return _queue.Count == 0 ? null : $$"""{"receiptId":{{_queue[0].ReceiptId}},"body":{{_queue[0].Body}}}""";
        }
    }

    public bool Delete(long receiptId)
    {
        bool deleted;
        lock (_lock)
        {
            deleted = _queue.RemoveAll(item => item.ReceiptId == receiptId) > 0;
        }

        pulse.Notify();
        return deleted;
    }
}
