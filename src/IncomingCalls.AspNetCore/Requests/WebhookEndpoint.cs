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
    public async Task HandleAsync(HttpContext context) => context.Response.StatusCode = await AnswerAsync(context);

    private async ValueTask<int> AnswerAsync(HttpContext context)
    {
        try
        {
            var current = options.CurrentValue;
            var admission = admissionCheck.Admit(context, current);
            return admission.Status == StatusCodes.Status200OK
                ? await ReadAsync(context, admission, current.MaxBodyBytes)
                : admission.Status;
        }
        catch (CallInboxUnavailableException e)
        {
            log.Unavailable(e);
            return StatusCodes.Status503ServiceUnavailable;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            log.ClientGone();
            return StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e)
        {
            // It is unknown whether the notification was stored, so it is not acknowledged; a redelivery is deduplicated.
            log.Failed(e);
            return StatusCodes.Status503ServiceUnavailable;
        }
    }

    private async ValueTask<int> ReadAsync(HttpContext context, AdmissionResult admission, int limit)
    {
        if (context.Request.ContentLength > limit)
        {
            log.TooLarge(limit);
            return StatusCodes.Status413PayloadTooLarge;
        }

        RequestBody? read;
        try
        {
            read = await RequestBody.ReadAsync(context.Request.BodyReader, context.Request.ContentLength, limit);
        }
        catch (Exception e)
        {
            // The client disconnected, stalled or sent invalid framing. That is not a failure of the host, so it is not logged as an Error.
            log.UploadBroken(e);
            return e is BadHttpRequestException bad ? bad.StatusCode : await AnswerBrokenUploadAsync(context.RequestAborted);
        }

        if (read is not { } body)
        {
            log.TooLarge(limit);
            return StatusCodes.Status413PayloadTooLarge;
        }

        using (body)
        {
            var request = new IntakeRequest { Utf8Json = body.Utf8Json, ExpectedIdInstances = admission.ExpectedIdInstances };
            return StatusOf(await intake.AcceptAsync(request, context.RequestAborted));
        }
    }

    /// <summary>
    /// Answers a request whose body could not be read, after a delay. Kestrel reports a broken connection to the reader earlier than
    /// to the request. If the request ends in between, Kestrel reads the rest of the body, fails and logs an error.
    /// </summary>
    private async ValueTask<int> AnswerBrokenUploadAsync(CancellationToken aborted)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return StatusCodes.Status400BadRequest;
    }

    private static int StatusOf(IntakeResult result) => result switch
    {
        { ShouldAcknowledge: true } => StatusCodes.Status200OK,
        { Outcome: IntakeOutcome.Refused } => StatusCodes.Status403Forbidden,
        { Outcome: IntakeOutcome.Quarantined } => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}

/// <summary>Endpoint metadata for which ASP.NET Core has no extension methods.</summary>
internal sealed class WebhookEndpointLimits : IRequestSizeLimitMetadata, ISkipStatusCodePagesMetadata
{
    /// <summary>The largest valid <see cref="IncomingCallsWebhookOptions.MaxBodyBytes"/>. The configured limit can change at run time and is checked at each request.</summary>
    public long? MaxRequestBodySize => IncomingCallsWebhookOptions.MaxBodyBytesUpperBound;
}
