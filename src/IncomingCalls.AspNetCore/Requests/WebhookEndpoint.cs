using IncomingCalls.AspNetCore.Admission;
using IncomingCalls.AspNetCore.Telemetry;
using IncomingCalls.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace IncomingCalls.AspNetCore.Requests;

/// <summary>
/// Handles the webhook requests. Only 200 acknowledges a notification; after any other status code the gateway waits a minute,
/// redelivers it, and holds back all later notifications of the instance.
/// </summary>
internal sealed class WebhookEndpoint(
    LastKnownGoodOptions<IncomingCallsWebhookOptions> options, AdmissionCheck admissionCheck, ICallIntake intake, WebhookLog log, TimeProvider time)
{
    /// <summary>
    /// The maximum number of bytes that are read. A longer notification, such as a message with a large picture, is acknowledged like others: if it were
    /// refused, the gateway would send it again for 24 hours, and the calls behind it would wait.
    /// </summary>
    private const int MaxReadBytes = 16 * 1024 * 1024;

    /// <summary>What stands in Content-Encoding of a compressed body. Some relays write other things there, such as <c>utf-8</c>.</summary>
    private static readonly string[] Compressions = ["gzip", "deflate", "br", "zstd", "compress"];

    public async Task HandleAsync(HttpContext context)
    {
        var answer = await AnswerAsync(context);
        try
        {
            await answer.WriteAsync(context.Response);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            log.ClientGone();
        }
    }

    /// <summary>Answers a request with another method than POST, for example of a browser.</summary>
    public static Task RejectMethodAsync(HttpContext context)
    {
        context.Response.Headers.Allow = HttpMethods.Post;
        return new WebhookAnswer(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", "This address receives notifications of GREEN-API, which are sent with POST.")
            .WriteAsync(context.Response);
    }

    private async ValueTask<WebhookAnswer> AnswerAsync(HttpContext context)
    {
        try
        {
            var current = options.CurrentValue;
            var admission = admissionCheck.Admit(context, current);
            return admission.Status == StatusCodes.Status200OK
                ? await ReadAsync(context, admission, current.MaxBodyBytes)
                : new(admission.Status, "NotAdmitted");
        }
        catch (CallInboxUnavailableException e)
        {
            log.Unavailable(e);
            return new(StatusCodes.Status503ServiceUnavailable, "NotAccepted");
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            log.ClientGone();
            return new(StatusCodes.Status499ClientClosedRequest, "ClientGone");
        }
        catch (Exception e)
        {
            // It is unknown whether the notification was stored, so it is not acknowledged; a redelivery is deduplicated.
            log.Failed(e);
            return new(StatusCodes.Status503ServiceUnavailable, "Failed");
        }
    }

    private async ValueTask<WebhookAnswer> ReadAsync(HttpContext context, AdmissionResult admission, int sizeLimit)
    {
        if (Array.Exists(Compressions, compression => context.Request.Headers.ContentEncoding.ToString().Contains(compression, StringComparison.OrdinalIgnoreCase)))
        {
            log.BodyCompressed();
            return new(StatusCodes.Status415UnsupportedMediaType, "Compressed", "The body is compressed. Send it uncompressed, or add the request decompression middleware before the endpoint.");
        }

        RequestBody body;
        try
        {
            body = await RequestBody.ReadAsync(context.Request, MaxReadBytes);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client disconnected, stalled or sent invalid framing. That is not a failure of the host, so it is not logged as an Error.
            log.UploadBroken(e);
            return e is BadHttpRequestException bad ? new(bad.StatusCode, "UploadBroken") : await AnswerBrokenUploadAsync(context.RequestAborted);
        }

        using (body)
        {
            switch (body.State)
            {
                case RequestBodyState.Empty:
                    log.BodyEmpty();
                    return new(StatusCodes.Status400BadRequest, "Empty", "The request has no body.");
                case RequestBodyState.Consumed:
                    log.BodyConsumed();
                    return new(StatusCodes.Status500InternalServerError, "BodyConsumed", "Middleware of this application has read the body before the endpoint.");
                case RequestBodyState.Truncated:
                    log.TooLarge(MaxReadBytes);
                    CloseConnection(context);
                    break;
            }

            var request = new IntakeRequest
            {
                Utf8Json = body.Utf8Json,
                IsTruncated = body.State == RequestBodyState.Truncated,
                SizeLimit = sizeLimit,
                ExpectedIdInstances = admission.ExpectedIdInstances,
            };
            return WebhookAnswer.From(await intake.AcceptAsync(request, context.RequestAborted));
        }
    }

    /// <summary>Lets the server close the connection, because the rest of the body is not read. HTTP/2 ends the stream instead.</summary>
    private static void CloseConnection(HttpContext context)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }
    }

    /// <summary>
    /// Answers a request whose body could not be read, after a delay. Kestrel reports a broken connection to the reader earlier than
    /// to the request. If the request ends in between, Kestrel reads the rest of the body, fails and logs an error.
    /// </summary>
    private async ValueTask<WebhookAnswer> AnswerBrokenUploadAsync(CancellationToken aborted)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new(StatusCodes.Status400BadRequest, "UploadBroken");
    }
}

/// <summary>Endpoint metadata for which ASP.NET Core has no extension methods.</summary>
internal sealed class WebhookEndpointLimits : IRequestSizeLimitMetadata, ISkipStatusCodePagesMetadata
{
    /// <summary>No limit of the server: the endpoint reads 16 MiB of a longer body and acknowledges it.</summary>
    public long? MaxRequestBodySize => null;
}
