using System.Text.Json;
using IncomingCalls;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Guides.Controller;

#region controller
[ApiController]
public sealed class GreenApiController(IWebhookTokenValidator tokens, ICallIntake intake, IMessages messages) : ControllerBase
{
    // No parameter is bound to the body, so the body is still unread here.
    [HttpPost("/green-api/{idInstance:long}")]
    public async Task<IActionResult> PostAsync(long idInstance, CancellationToken cancellationToken)
    {
        if (!tokens.Validate(Request.Headers.Authorization).IsValid)
        {
            return Unauthorized();
        }

        var body = await new StreamContent(Request.Body).ReadAsByteArrayAsync(cancellationToken);
        try
        {
            var request = new IntakeRequest { Utf8Json = body, ExpectedIdInstances = [idInstance], HandlesOtherTypes = true };
            var result = await intake.AcceptAsync(request, cancellationToken);
            if (result.Outcome == IntakeOutcome.OtherType)
            {
                // A body may begin with a byte order mark, which the intake accepts and the serializer does not.
                var json = body.AsSpan(body.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
                await messages.HandleAsync(JsonSerializer.Deserialize<JsonElement>(json), cancellationToken);
            }

            return StatusCode(result switch
            {
                { ShouldAcknowledge: true } => StatusCodes.Status200OK,
                { Outcome: IntakeOutcome.Refused } => StatusCodes.Status403Forbidden,
                _ => StatusCodes.Status503ServiceUnavailable,
            });
        }
        catch (CallInboxUnavailableException)
        {
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
#endregion
