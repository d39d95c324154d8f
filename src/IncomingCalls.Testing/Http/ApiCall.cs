using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Testing;

/// <summary>One request to the simulated API, with what its path says.</summary>
internal sealed class ApiCall(HttpContext context, SimulatedInstance instance, string? argument, GreenApiSimulatorOptions options)
{
    public HttpContext Context { get; } = context;

    public SimulatedInstance Instance { get; } = instance;

    /// <summary>What follows the token in the path: the receipt id.</summary>
    public string? Argument { get; } = argument;

    public GreenApiSimulatorOptions Options { get; } = options;

    public Task AnswerAsync(int status, string body, string contentType = "application/json; charset=utf-8")
    {
        Context.Response.StatusCode = status;
        Context.Response.ContentType = contentType;
        return Context.Response.WriteAsync(body, Context.RequestAborted);
    }

    public Task AnswerAsync(Action<Utf8JsonWriter> properties)
    {
        Context.Response.ContentType = "application/json; charset=utf-8";
        return Context.Response.BodyWriter.WriteAsync(WireJson.Write(properties), Context.RequestAborted).AsTask();
    }

    /// <summary>The JSON object that was posted; null when there is none.</summary>
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
