namespace IncomingCalls.Shared;

/// <summary>The Levenshtein distance of two texts, without regard to case.</summary>
internal static class TextDistance
{
    /// <summary>Returns how many characters have to be inserted, deleted or replaced to make one text out of the other.</summary>
    public static int Between(string one, string other)
    {
        // The distances of the beginnings of one text to the beginnings of the other, row by row.
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
