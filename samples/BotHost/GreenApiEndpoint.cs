using System.Security.Cryptography;
using System.Text;
using IncomingCalls;

namespace BotHost;

/// <summary>Receives every notification that GREEN-API posts, calls and other types.</summary>
internal static class GreenApiEndpoint
{
    #region endpoint
    public static async Task<IResult> PostAsync(HttpRequest request, BotSettings settings, ICallIntake intake, CancellationToken cancellationToken)
    {
        // GREEN-API sends the token as it was entered in the console: alone, or after Bearer or Basic.
        var token = request.Headers.Authorization.ToString().Split(' ')[^1];
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(settings.WebhookToken)))
        {
            return Results.Unauthorized();
        }

        var body = await new StreamContent(request.Body).ReadAsByteArrayAsync(cancellationToken);
        // Throws if the notification could not be stored: the answer is 500, and GREEN-API redelivers it.
        return await intake.AcceptAsync(body, cancellationToken) switch
        {
            // Another type, such as a message or a state change. The rest of your bot reads the same bytes here.
            { Outcome: IntakeOutcome.OtherType } => Results.Ok(),
            // Stored, a duplicate, discarded, or unreadable and quarantined: a redelivery is not needed.
            { ShouldAcknowledge: true } => Results.Ok(),
            _ => Results.BadRequest(),
        };
    }
    #endregion
}
