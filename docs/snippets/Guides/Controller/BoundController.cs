using System.Text.Json;
using IncomingCalls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Guides.Controller;

internal static class Buffering
{
    public static void Use(WebApplication app) =>
        #region buffering
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/bound"), branch => branch.Use((context, next) =>
        {
            context.Request.EnableBuffering();
            return next(context);
        }));
        #endregion
}

#region controller
[ApiController]
public sealed class BoundController(ICallIntake intake) : ControllerBase
{
    [HttpPost("/bound")]
    public async Task<IActionResult> PostAsync([FromBody] JsonElement notification, CancellationToken cancellationToken)
    {
        Request.Body.Position = 0;
        var body = await new StreamContent(Request.Body).ReadAsByteArrayAsync(cancellationToken);
        var result = await intake.AcceptAsync(new IntakeRequest { Utf8Json = body, HandlesOtherTypes = true }, cancellationToken);
        return result.ShouldAcknowledge ? Ok() : StatusCode(StatusCodes.Status503ServiceUnavailable);
    }
}
#endregion
