using IncomingCalls.Fuzz.Corpora;

namespace IncomingCalls.Fuzz.Targets;

/// <summary>Reads notifications with <see cref="NotificationReader"/> and with <see cref="ReferenceReader"/>, and compares the results.</summary>
internal sealed class ReaderTarget : FuzzTarget
{
    public override IReadOnlyList<byte[]> Documents { get; } = NotificationCorpus.Read();

    public override ValueTask<(string Kind, string? Fault)> CheckAsync(byte[] input, Random random) => new(Compare(input));

    /// <summary>Reads an input in both ways; returns the kind, and how the results differ, null when they do not.</summary>
    internal static (string Kind, string? Difference) Compare(byte[] input)
    {
        NotificationReading actual;
        try
        {
            actual = NotificationReader.Read(input);
        }
        catch (Exception e)
        {
            return ("Thrown", $"the reader threw {e}");
        }

        var (expected, found) = (ReferenceReader.Read(input), ReferenceReading.Create(actual));
        return (actual.Kind.ToString(), expected == found ? null : $"expected {expected}, but the reader found {found}");
    }
}
