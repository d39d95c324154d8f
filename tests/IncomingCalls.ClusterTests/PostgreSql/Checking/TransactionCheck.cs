using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>Checks that what handlers write in the transaction of an event is committed exactly once, with the last attempt, if it succeeds.</summary>
/// <param name="attempts">The attempts of the transactional handlers, in their order.</param>
/// <param name="committed">The effects in the database.</param>
internal sealed class TransactionCheck(IReadOnlyList<Effect> attempts, IReadOnlyList<Effect> committed)
{
    private readonly ILookup<(string, string), Effect> _committed = committed.ToLookup(KeyOf);

    public IEnumerable<Finding> Find()
    {
        foreach (var effect in committed.Where(effect => effect.Result != EffectResult.Done))
        {
            yield return Create(effect, $"was committed although it ended as {effect.Result}");
        }

        foreach (var effect in committed.Except(attempts))
        {
            yield return Create(effect, "was committed and is in no effects file");
        }

        foreach (var delivery in attempts.GroupBy(KeyOf))
        {
            var (last, found) = (delivery.Last(), _committed[KeyOf(delivery.First())].ToArray());
            if (found.Length > 1)
            {
                yield return Create(last, $"was committed {found.Length} times, in attempts {string.Join(", ", found.Select(effect => $"{effect.Attempt} of process {effect.RunNumber}"))}");
            }
            else if (found.Length == 1 && found[0] != last)
            {
                yield return Create(last, $"was made after attempt {found[0].Attempt} of process {found[0].RunNumber} was committed");
            }
            else if (found.Length == 0 && last.Result == EffectResult.Done)
            {
                yield return new(FindingKind.Lost, $"{last.Handler} has handled {last.EventId} in attempt {last.Attempt} of process {last.RunNumber}, and nothing was committed");
            }
        }
    }

    private static (string, string) KeyOf(Effect effect) => (effect.EventId, effect.Handler);

    private static Finding Create(Effect effect, string what) =>
        new(FindingKind.WrongTransaction, $"{effect.Handler}, {effect.EventId}, attempt {effect.Attempt} of process {effect.RunNumber} {what}");
}
