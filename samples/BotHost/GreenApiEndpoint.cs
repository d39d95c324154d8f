using IncomingCalls;

namespace BotHost;

/// <summary>Receives every notification that GREEN-API posts, calls and other types.</summary>
internal static class GreenApiEndpoint
{
    #region endpoint
    public static async Task<IResult> PostAsync(HttpRequest request, IWebhookTokenValidator tokens, ICallIntake intake, CancellationToken cancellationToken)
    {
        // The same check as that of MapIncomingCalls: IncomingCalls:Webhook:Tokens and the tokens of the instances.
        var token = tokens.Validate(request.Headers.Authorization);
        if (!token.IsValid)
        {
            return Results.Unauthorized();
        }

        var notification = new IntakeRequest
        {
            Utf8Json = await new StreamContent(request.Body).ReadAsByteArrayAsync(cancellationToken),
            // The token of one instance is not valid for the notifications of others.
            ExpectedIdInstances = token.ExpectedIdInstances,
            // Otherwise it would be logged that nothing handles them.
            HandlesOtherTypes = true,
        };
        // Throws if the notification could not be stored: the answer is 500, and GREEN-API redelivers it.
        return await intake.AcceptAsync(notification, cancellationToken) switch
        {
            // Another type, such as a message or a state change. The rest of your bot reads the same bytes here.
            { Outcome: IntakeOutcome.OtherType } => Results.Ok(),
            // Stored, a duplicate, discarded, or unreadable and quarantined: a redelivery is not needed.
            { ShouldAcknowledge: true } => Results.Ok(),
            _ => Results.StatusCode(StatusCodes.Status403Forbidden),
        };
    }
    #endregion
}
