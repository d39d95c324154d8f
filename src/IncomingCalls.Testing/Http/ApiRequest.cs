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

    /// <summary>Answers with 403. Reported: an HTML page, regardless of the Accept header.</summary>
    public static Task RespondForbiddenAsync(HttpContext context) => RespondAsync(
        context, 403, "<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>", "text/html");

    public Task RespondAsync(int status, string body, string contentType = Json) => RespondAsync(Context, status, body, contentType);

    /// <summary>Answers with 400. Reported: the body contains the path of the request, and therefore the token.</summary>
    public Task RespondValidationFailedAsync(string details)
    {
        var body = NotificationJson.WriteObject(writer =>
        {
            writer.WriteNumber("statusCode", 400);
            writer.WriteString("timestamp", Options.TimeProvider.GetUtcNow());
            writer.WriteString("path", Context.Request.Path);
            writer.WriteString("message", $"Validation failed. Details: {details}");
        });
        Context.Response.StatusCode = 400;
        return RespondAsync(body);
    }

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
