using IncomingCalls;

namespace Fragments;

internal static class ErasureExamples
{
    #region erase
    public static async Task EraseAsync(ICallInboxAdministration inbox, string account, string phoneNumber, CancellationToken cancellationToken)
    {
        var caller = ChatId.Parse($"{phoneNumber.TrimStart('+')}@c.us");
        var report = await inbox.EraseCallerAsync(account, caller, performedBy: "privacy@example.com", cancellationToken);
        Console.WriteLine($"{report.Counts.Calls} calls and {report.Counts.Total - report.Counts.Calls} other items were deleted.");
        if (!report.IsComplete)
        {
            Console.WriteLine("An attempt of a handler is still running. Repeat the erasure later.");
        }
    }
    #endregion
}
