namespace IncomingCalls.Sqlite.Tests.Administration;

/// <summary>Asserts that no action of the administration is possible.</summary>
internal static class FailingActions
{
    public static async Task ShouldAllFailAsync(SqliteInboxFile file, string sentence)
    {
        Func<Task>[] actions =
        [
            async () => await file.GetStatisticsAsync(),
            async () => await file.ListDeadLettersAsync(),
            async () => await file.ReplayDeadLettersAsync(),
            async () => await file.PurgeDeadLettersAsync(),
            async () => await file.ListQuarantineAsync(),
            async () => await file.ReadQuarantinedAsync(1),
            async () => await file.ReplayQuarantineAsync(),
            async () => await file.PurgeQuarantineAsync(),
            async () => await file.ListAdministrationLogAsync(),
            async () => await file.FindCallsAsync(new(), 1),
        ];
        foreach (var action in actions)
        {
            (await action.Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage(sentence);
        }
    }
}
