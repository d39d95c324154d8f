using System.Text.Json;

namespace IncomingCalls.LoadTests;

/// <summary>The least that reading JSON can cost: every token is visited, and none is looked at.</summary>
internal static class BaselineScan
{
    public static long Read(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json);
        while (reader.Read())
        {
            // Nothing: this is the baseline.
        }

        return reader.BytesConsumed;
    }
}
