using System.Collections.Concurrent;
using System.Globalization;
using IncomingCalls.Testing.FaultInjection;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Testing.Http;

/// <summary>Routes requests to the instance and method in their path, and answers invalid requests as the vendor does.</summary>
internal sealed class SimulatedApi(ConcurrentDictionary<long, SimulatedInstance> instances, GreenApiSimulatorOptions options)
{
    private const string Prefix = "waInstance";

    private static readonly Dictionary<string, ApiMethod> Methods = new(StringComparer.Ordinal)
    {
        ["receiveNotification"] = new("GET", NeedsAuthorization: true, QueueMethods.ReceiveAsync),
        ["deleteNotification"] = new("DELETE", NeedsAuthorization: true, QueueMethods.DeleteAsync),
        ["getWebhooksCount"] = new("GET", NeedsAuthorization: false, QueueMaintenanceMethods.CountAsync),
        ["clearWebhooksQueue"] = new("DELETE", NeedsAuthorization: false, QueueMaintenanceMethods.ClearAsync),
        ["getContactInfo"] = new("POST", NeedsAuthorization: true, ContactMethods.GetContactInfoAsync),
        ["getSettings"] = new("GET", NeedsAuthorization: false, AccountMethods.GetSettingsAsync),
        ["setSettings"] = new("POST", NeedsAuthorization: false, AccountMethods.SetSettingsAsync),
        ["getStateInstance"] = new("GET", NeedsAuthorization: false, AccountMethods.GetStateAsync),
        ["getWaSettings"] = new("GET", NeedsAuthorization: false, AccountMethods.GetWaSettingsAsync),
        ["checkWhatsapp"] = new("POST", NeedsAuthorization: true, WhatsappMethods.CheckAsync),
        ["lastIncomingCalls"] = new("GET", NeedsAuthorization: true, JournalMethods.GetIncomingAsync),
        ["lastOutgoingCalls"] = new("GET", NeedsAuthorization: true, JournalMethods.GetOutgoingAsync),
    };

    public FaultQueue Faults { get; } = new(Methods.Keys);

    /// <summary>Converts the first letter to lower case: it was documented as a capital letter in 2023, and both spellings work.</summary>
    public static string ToDocumentedName(string method) => char.ToLowerInvariant(method[0]) + method[1..];

    public async Task HandleAsync(HttpContext context)
    {
        // A prefix such as /v3 (MAX, documented as optional) may precede the instance.
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(part => !part.StartsWith(Prefix, StringComparison.Ordinal)).ToArray();
        if (parts is not [var instanceSegment, var method, var token, ..] || !Methods.TryGetValue(ToDocumentedName(method), out var found) || context.Request.Method != found.Verb)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!long.TryParse(instanceSegment.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            // Documented in 2023.
            await ApiRequest.RespondAsync(context, 400, "Parameter idInstance not an integer", "text/plain");
            return;
        }

        if (!instances.TryGetValue(id, out var instance))
        {
            await ApiRequest.RespondForbiddenAsync(context);
            return;
        }

        if (token != instance.ApiTokenInstance)
        {
            // Reported: without delay and with an empty body.
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        await InvokeAsync(new(context, instance, parts.ElementAtOrDefault(3), options), ToDocumentedName(method), found);
    }

    private async Task InvokeAsync(ApiRequest call, string name, ApiMethod method)
    {
        call.Instance.Requests.AddOrUpdate(name, 1, (_, count) => count + 1);
        var fault = Faults.Dequeue(name) ?? call.Instance.FaultInjector.NextFault(name);
        if (fault.Delay > TimeSpan.Zero)
        {
            await Task.Delay(fault.Delay, options.TimeProvider, call.Context.RequestAborted);
        }

        if (fault.StatusCode is { } status)
        {
            await call.RespondAsync(status, fault.Body, "text/plain");
            return;
        }

        if (fault.LosesAnswer)
        {
            call.Context.Response.Body = Stream.Null;
        }

        await ExecuteAsync(call, name, method);
        if (fault.LosesAnswer)
        {
            call.Context.Abort();
        }
    }

    private static Task ExecuteAsync(ApiRequest call, string name, ApiMethod method) => call.Instance switch
    {
        // Documented: the rate limits, the answer 429 and the texts of 400.
        var instance when !instance.Limits.TryAcquire(name, instance.TypeInstance) => call.RespondAsync(429, "Too many requests", "text/plain"),
        { State: SimulatedState.Expired } => call.RespondAsync(400, "instance account is expired or deleted", "text/plain"),
        { State: SimulatedState.Starting } when method.NeedsAuthorization => call.RespondAsync(400, "instance in starting process try later", "text/plain"),
        { State: not SimulatedState.Authorized } when method.NeedsAuthorization => call.RespondAsync(400, "instance account not authorized", "text/plain"),
        _ => method.InvokeAsync(call),
    };
}

/// <summary>The faults of the next requests, by method.</summary>
internal sealed class FaultQueue(IEnumerable<string> methods)
{
    private readonly Dictionary<string, ConcurrentQueue<Fault>> _byMethod =
        methods.ToDictionary(method => method, _ => new ConcurrentQueue<Fault>(), StringComparer.Ordinal);

    /// <summary>Adds a fault for the next request that has none.</summary>
    /// <param name="method">The name of the method.</param>
    /// <param name="fault">The fault.</param>
    /// <exception cref="ArgumentException">The simulator has no such method.</exception>
    public void Add(string method, Fault fault)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        if (!_byMethod.TryGetValue(SimulatedApi.ToDocumentedName(method), out var waiting))
        {
            // A misspelled name would silently disable the test.
            throw new ArgumentException($"The simulator has no method {method}. Use one of {string.Join(", ", _byMethod.Keys)}.", nameof(method));
        }

        waiting.Enqueue(fault);
    }

    /// <summary>Removes and returns the fault of a request; null for no fault.</summary>
    /// <param name="method">The documented name of the method.</param>
    public Fault? Dequeue(string method) => _byMethod[method].TryDequeue(out var fault) ? fault : null;
}
