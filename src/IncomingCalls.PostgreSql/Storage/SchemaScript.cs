namespace IncomingCalls.PostgreSql.Storage;

/// <summary>The statements with which a DBA creates or changes the tables, in place of the first node.</summary>
internal static class SchemaScript
{
    /// <summary>Creates the script.</summary>
    /// <param name="schema">The tables.</param>
    /// <param name="from">The first step; 1 for all.</param>
    /// <param name="role">The role that the nodes use, which is granted what they need; null for no grants.</param>
    public static string Create(InboxSchema schema, int from, string? role)
    {
        List<string> parts = [.. schema.Steps.Where(step => step.Version >= from).Select(step => step.CreateScript(schema))];
        if (from <= 1)
        {
            parts.Insert(0, $"CREATE SCHEMA IF NOT EXISTS {schema.Name};");
        }

        if (role is not null)
        {
            parts.Add(CreateGrants(schema, role));
        }

        return string.Join("\n\n", parts);
    }

    private static string CreateGrants(InboxSchema schema, string role)
    {
        var quoted = $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        return $"""
            -- What a node needs. Repeat it after each step.
            GRANT USAGE ON SCHEMA {schema.Name} TO {quoted};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema.Name} TO {quoted};
            REVOKE INSERT, UPDATE, DELETE ON {schema.Version} FROM {quoted};
            """;
    }
}
