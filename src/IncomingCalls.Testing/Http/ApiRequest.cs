using System.Text.Json;
using IncomingCalls.Testing.Instances;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Testing.Http;

/// <summary>One request to the simulated API, with the parts of its path.</summary>
internal sealed class ApiRequest(HttpContext context, SimulatedInstance instance, string? argument, GreenApiSimulatorOptions options)
{
    private const string Json = "application/json; charset=utf-8";

    public HttpContext Context { get; } = context;

    public SimulatedInstance Instance { get; } = instance;

    /// <summary>The path segment after the token, which is the receipt id; null when there is none.</summary>
    public string? Argument { get; } = argument;

    public GreenApiSimulatorOptions Options { get; } = options;

    /// <summary>Answers a request for which no instance was found.</summary>
    public static Task RespondAsync(HttpContext context, int status, string body, string contentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    public Task RespondAsync(int status, string body, string contentType = Json) => RespondAsync(Context, status, body, contentType);

    public Task RespondAsync(Action<Utf8JsonWriter> properties) => RespondAsync(NotificationJson.WriteObject(properties));

    /// <summary>Answers with bytes as JSON. They may be malformed.</summary>
    public async Task RespondAsync(ReadOnlyMemory<byte> json)
    {
        Context.Response.ContentType = Json;
        await Context.Response.BodyWriter.WriteAsync(json, Context.RequestAborted);
    }

    /// <summary>Reads the JSON object in the body of the request; null when the body is not a JSON object.</summary>
    public async Task<JsonElement?> ReadObjectAsync()
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(Context.Request.Body, cancellationToken: Context.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A method of the API.</summary>
/// <param name="Verb">The documented HTTP method.</param>
/// <param name="NeedsAuthorization">Whether the method is answered with 400 while the account is not authorized.</param>
/// <param name="InvokeAsync">The implementation.</param>
internal sealed record ApiMethod(string Verb, bool NeedsAuthorization, Func<ApiRequest, Task> InvokeAsync);
