using System.Globalization;
using IncomingCalls.Fakes.Crm.Access;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>The answers to requests above the limit.</summary>
internal static class LimitResponses
{
    /// <summary>Applies the limit of the portal to a request. The token endpoint is limited by a block only (documented, Bitrix24: it is on a host of its own).</summary>
    /// <returns>The answer; null for an admitted request.</returns>
    public static CrmResponse? Admit(PortalRequest request)
    {
        var limit = request.Portal.Limit;
        var admission = request.Operation != CrmOperation.RefreshTokens ? limit.Admit()
            : limit.IsBlocked() ? Admission.Blocked : Admission.Admitted;
        switch (admission)
        {
            case Admission.Admitted:
                return null;
            case Admission.Blocked:
                request.AddViolation(ViolationKind.SentWhileBlocked);
                // Reported (amoCRM): a page of the proxy.
                return CrmResponse.Html(StatusCodes.Status403Forbidden, "403 Forbidden");
            default:
                request.AddViolation(admission == Admission.Paused ? ViolationKind.SentDuringRetryAfter : ViolationKind.RateLimitExceeded);
                return TooManyRequests(request.Portal);
        }
    }

    /// <summary>The answer 429, with the time until the pause ends, as the portal states it.</summary>
    public static CrmResponse TooManyRequests(CrmPortal portal)
    {
        // Rounded up to whole seconds: a client that waits as long as stated is never too early.
        var now = portal.Server.TimeProvider.GetUtcNow();
        var end = portal.Limit.PausedUntil;
        var seconds = Math.Max(1, (int)Math.Ceiling((end - now).TotalSeconds));
        return portal.Options.RetryAfterFormat switch
        {
            RetryAfterFormat.Seconds => Problem().WithRetryAfter(seconds.ToString(CultureInfo.InvariantCulture)),
            RetryAfterFormat.HttpDate => Problem().WithRetryAfter(RoundUp(end).ToString("R", CultureInfo.InvariantCulture)),
            RetryAfterFormat.Body => Problem(("retry_after", seconds)),
            _ => Problem(),
        };
    }

    private static DateTimeOffset RoundUp(DateTimeOffset time) => time.AddTicks((TimeSpan.TicksPerSecond - (time.Ticks % TimeSpan.TicksPerSecond)) % TimeSpan.TicksPerSecond);

    private static CrmResponse Problem(params ReadOnlySpan<(string Name, object Value)> extensions) =>
        CrmResponse.Problem(StatusCodes.Status429TooManyRequests, "Too Many Requests", "The request limit is exceeded", extensions);
}
