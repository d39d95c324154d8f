using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Tests.Fixtures;

/// <summary>Writes the schema and the content of an inbox file as text, with the JSON indented.</summary>
internal static class InboxDump
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Create(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=false");
        connection.Open();
        var text = new StringBuilder();
        foreach (var pragma in (string[])["application_id", "user_version"])
        {
            text.Append(CultureInfo.InvariantCulture, $"PRAGMA {pragma} = {Query(connection, $"PRAGMA {pragma}").Single()[0].Value};\n");
        }

        var schema = Query(connection, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name");
        foreach (var item in schema)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{item[2].Value};\n");
        }

        foreach (var table in schema.Where(static item => (string)item[0].Value == "table").Select(static item => (string)item[1].Value))
        {
            foreach (var row in Query(connection, $"SELECT * FROM {table} ORDER BY 1, 2"))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n{table}\n");
                foreach (var (column, value) in row)
                {
                    text.Append(CultureInfo.InvariantCulture, $"  {column}: {Format(value)}\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Format(object value) => value is DBNull ? "NULL"
        : value is "" ? "''"
        : value is not byte[] bytes ? Convert.ToString(value, CultureInfo.InvariantCulture)!
        : bytes is [(byte)'{', ..] ? Indent(bytes).ReplaceLineEndings("\n    ")
        : Encoding.UTF8.GetString(bytes);

    private static string Indent(byte[] json)
    {
        using var stream = new MemoryStream();
        using var document = JsonDocument.Parse(json);
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static List<(string Column, object Value)[]> Query(SqliteConnection connection, string sql)
    {
        List<(string, object)[]> rows = [];
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => (reader.GetName(column), reader.GetValue(column)))]);
        }

        return rows;
    }
}
