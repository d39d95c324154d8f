using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Testing;

/// <summary>Finds the instance and the method that a path names, and answers what is wrong with it as the vendor does.</summary>
internal sealed class SimulatedApi(ConcurrentDictionary<long, SimulatedInstance> instances, GreenApiSimulatorOptions options)
{
    private const string Prefix = "waInstance";

    private static readonly Dictionary<string, ApiMethod> Methods = new(StringComparer.Ordinal)
    {
        ["receiveNotification"] = new("GET", NeedsAuthorization: true, QueueMethods.ReceiveAsync),
        ["deleteNotification"] = new("DELETE", NeedsAuthorization: true, QueueMethods.DeleteAsync),
        ["getWebhooksCount"] = new("GET", NeedsAuthorization: false, QueueMethods.CountAsync),
        ["getContactInfo"] = new("POST", NeedsAuthorization: true, ContactMethods.GetContactInfoAsync),
        ["getSettings"] = new("GET", NeedsAuthorization: false, AccountMethods.GetSettingsAsync),
        ["setSettings"] = new("POST", NeedsAuthorization: false, AccountMethods.SetSettingsAsync),
        ["getStateInstance"] = new("GET", NeedsAuthorization: false, AccountMethods.GetStateAsync),
    };

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> _faults = new();

    public void FailNext(string method, Fault fault) => _faults.GetOrAdd(method, _ => new()).Enqueue(fault);

    public async Task HandleAsync(HttpContext context)
    {
        // A prefix such as /v3 (MAX, documented as optional) may stand before the instance.
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .SkipWhile(part => !part.StartsWith(Prefix, StringComparison.Ordinal)).ToArray();
        if (parts is not [var named, var method, var token, ..] || !Methods.TryGetValue(Documented(method), out var found) || context.Request.Method != found.Verb)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!long.TryParse(named.AsSpan(Prefix.Length), out var id) || !instances.TryGetValue(id, out var instance))
        {
            // Reported: an HTML page, whatever the caller accepts.
            var page = new ApiCall(context, null!, null, options);
            await page.AnswerAsync(403, "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>", "text/html");
            return;
        }

        if (token != instance.ApiTokenInstance)
        {
            // Reported: at once, with an empty body.
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        await InvokeAsync(new(context, instance, parts.ElementAtOrDefault(3), options), Documented(method), found);
    }

    private async Task InvokeAsync(ApiCall call, string name, ApiMethod method)
    {
        call.Instance.Requests.AddOrUpdate(name, 1, (_, count) => count + 1);
        if (_faults.TryGetValue(name, out var faults) && faults.TryDequeue(out var fault))
        {
            await FailAsync(call, method, fault);
        }
        else if (!call.Instance.Limits.TryTake(name, call.Instance.TypeInstance))
        {
            await call.AnswerAsync(429, "Too many requests", "text/plain");
        }
        else if (call.Instance.State == SimulatedState.Expired)
        {
            await call.AnswerAsync(400, "instance account is expired or deleted", "text/plain");
        }
        else if (method.NeedsAuthorization && call.Instance.State != SimulatedState.Authorized)
        {
            await call.AnswerAsync(400, call.Instance.State == SimulatedState.Starting ? "instance in starting process try later" : "instance account not authorized", "text/plain");
        }
        else
        {
            await method.InvokeAsync(call);
        }
    }

    private static async Task FailAsync(ApiCall call, ApiMethod method, Fault fault)
    {
        if (fault.StatusCode is { } status)
        {
            await call.AnswerAsync(status, fault.Body, "text/plain");
            return;
        }

        var answer = call.Context.Response.Body;
        call.Context.Response.Body = Stream.Null;
        await method.InvokeAsync(call);
        call.Context.Response.Body = answer;
        call.Context.Abort();
    }

    /// <summary>Documented in 2023 with a capital letter; both spellings work.</summary>
    private static string Documented(string method) => char.ToLowerInvariant(method[0]) + method[1..];
}
