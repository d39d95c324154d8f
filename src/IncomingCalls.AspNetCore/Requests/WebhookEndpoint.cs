using IncomingCalls.AspNetCore.Admission;
using IncomingCalls.AspNetCore.Telemetry;
using IncomingCalls.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace IncomingCalls.AspNetCore.Requests;

/// <summary>
/// Answers one request. Only 200 makes the gateway forget a notification; with anything else it waits a minute and sends the
/// same again, and holds back everything behind it.
/// </summary>
internal sealed class WebhookEndpoint(
    LastKnownGoodOptions<IncomingCallsWebhookOptions> options, AdmissionCheck admissions, ICallIntake intake, WebhookLog journal, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context) => context.Response.StatusCode = await AnswerAsync(context);

    private async ValueTask<int> AnswerAsync(HttpContext context)
    {
        try
        {
            var current = options.CurrentValue;
            var admission = admissions.Admit(context, current);
            return admission.Status == StatusCodes.Status200OK
                ? await ReadAsync(context, admission, current.MaxBodyBytes)
                : admission.Status;
        }
        catch (CallInboxUnavailableException e)
        {
            journal.Unavailable(e);
            return StatusCodes.Status503ServiceUnavailable;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            journal.ClientGone();
            return StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception e)
        {
            // Whether it was kept is unknown, so it is not acknowledged; a repeat is recognised.
            journal.Failed(e);
            return StatusCodes.Status503ServiceUnavailable;
        }
    }

    private async ValueTask<int> ReadAsync(HttpContext context, AdmissionResult admission, int limit)
    {
        if (context.Request.ContentLength > limit)
        {
            journal.TooLarge(limit);
            return StatusCodes.Status413PayloadTooLarge;
        }

        RequestBody? read;
        try
        {
            read = await RequestBody.ReadAsync(context.Request.BodyReader, context.Request.ContentLength, limit);
        }
        catch (Exception e)
        {
            // The sender hung up, stalled, or broke the framing: nothing of ours failed, so nobody needs to be woken.
            journal.UploadBroken(e);
            return e is BadHttpRequestException bad ? bad.StatusCode : await AnswerBrokenUploadAsync(context.RequestAborted);
        }

        if (read is not { } body)
        {
            journal.TooLarge(limit);
            return StatusCodes.Status413PayloadTooLarge;
        }

        using (body)
        {
            var request = new IntakeRequest { Utf8Json = body.Utf8Json, ExpectedIdInstances = admission.Expected };
            return StatusOf(await intake.AcceptAsync(request, context.RequestAborted));
        }
    }

    /// <summary>
    /// Kestrel tells the reader that the connection broke before it tells the request. A request that ends in between has the
    /// rest of its body read by Kestrel, which fails and is logged as an error.
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

/// <summary>What the host's pipeline is told about the endpoint, besides what ASP.NET Core has extension methods for.</summary>
internal sealed class WebhookEndpointLimits : IRequestSizeLimitMetadata, ISkipStatusCodePagesMetadata
{
    /// <summary>The server lets through whatever our own limit may be; that one is checked at each request and may change.</summary>
    public long? MaxRequestBodySize => IncomingCallsWebhookOptions.MaxBodyBytesUpperBound;
}
