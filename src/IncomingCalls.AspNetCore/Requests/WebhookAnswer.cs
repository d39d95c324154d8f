using System.Text;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.AspNetCore.Requests;

/// <summary>
/// The answer to a webhook request. The gateway reads only the status code; the header and the text are for the developer who tests the endpoint, or a
/// relay in front of it.
/// </summary>
/// <param name="Status">The status code.</param>
/// <param name="Result">The value of the header <c>X-IncomingCalls-Result</c>: one word.</param>
/// <param name="Text">A sentence for the body; null for no body.</param>
internal readonly record struct WebhookAnswer(int Status, string Result, string? Text = null)
{
    private const string ResultHeader = "X-IncomingCalls-Result";

    /// <summary>Creates the answer for a result of the intake.</summary>
    public static WebhookAnswer From(IntakeResult result) => new(
        result switch
        {
            { ShouldAcknowledge: true } => StatusCodes.Status200OK,
            { Outcome: IntakeOutcome.Refused } => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status503ServiceUnavailable,
        },
        result.Outcome.ToString(),
        result.Reason);

    /// <summary>Writes the answer.</summary>
    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.Headers[ResultHeader] = Result;
        if (Text is null)
        {
            return;
        }

        response.ContentType = "text/plain; charset=utf-8";
        var text = Encoding.UTF8.GetBytes(Text);
        response.ContentLength = text.Length;
        await response.Body.WriteAsync(text, response.HttpContext.RequestAborted);
    }
}
