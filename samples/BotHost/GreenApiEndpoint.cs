using System.Security.Cryptography;
using System.Text;
using IncomingCalls;

namespace BotHost;

/// <summary>Takes whatever GREEN-API posts, calls or not.</summary>
internal static class GreenApiEndpoint
{
    #region endpoint
    public static async Task<IResult> PostAsync(HttpRequest request, BotSettings settings, ICallIntake intake, CancellationToken cancellationToken)
    {
        // The token comes as the console stored it: alone, or after Bearer or Basic.
        var token = request.Headers.Authorization.ToString().Split(' ')[^1];
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(settings.WebhookToken)))
        {
            return Results.Unauthorized();
        }

        var body = await new StreamContent(request.Body).ReadAsByteArrayAsync(cancellationToken);
        // Throws when nothing could be kept: the answer is 500, and the gateway sends it again.
        return await intake.AcceptAsync(body, cancellationToken) switch
        {
            // A message, a state: no call. The rest of your bot reads the same bytes here.
            { Outcome: IntakeOutcome.OtherType } => Results.Ok(),
            // Kept, known already, not wanted, or unreadable and in quarantine: the gateway may forget it.
            { ShouldAcknowledge: true } => Results.Ok(),
            _ => Results.BadRequest(),
        };
    }
    #endregion
}
