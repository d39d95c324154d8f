namespace IncomingCalls.Testing.Tests.Hosting;

/// <summary>What the simulator posted to the webhook, and the answer it waits for.</summary>
internal sealed class PushedRequest
{
    public required HttpMethod Method { get; init; }

    public required Uri Uri { get; init; }

    public required string? ContentType { get; init; }

    public required string? Authorization { get; init; }

    public required string Body { get; init; }

    public TaskCompletionSource<HttpResponseMessage> Response { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
