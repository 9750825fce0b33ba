using Krmx.Storage;
using Npgsql;

namespace Krmx.PostgreSql;

/// <summary>Keeps rooms in a PostgreSQL database, which several servers may share.</summary>
/// <remarks>
/// What has completed is on the database server's disk: where that has <c>synchronous_commit</c> off, it is on for what the store does. Failures are told by
/// <see cref="RoomStoreException"/>.
/// </remarks>
public sealed class PostgreSqlRoomStore : IRoomStore
{
    private const string DefaultSchema = "krmx";

    private readonly NpgsqlDataSource _source;
    private readonly bool _ownsSource;
    private readonly string _schema;
    private readonly SemaphoreSlim _preparing = new(1, 1);
    private volatile PostgreSqlRooms? _rooms;

    /// <summary>Makes a store with connections of its own; the first is made when it is used first.</summary>
    /// <param name="connectionString">Npgsql's own, such as <c>Host=localhost;Username=krmx;Password=…;Database=krmx</c>.</param>
    /// <param name="schema">The schema that has the tables; it is made where it is missing. Default: <c>krmx</c>.</param>
    /// <exception cref="ArgumentException">The connection string has something that Npgsql does not know, or no host.</exception>
    public PostgreSqlRoomStore(string connectionString, string schema = DefaultSchema)
        : this(Connect(connectionString), schema) => _ownsSource = true;

    /// <summary>Makes a store on an application's connections, which stay when it is disposed.</summary>
    /// <param name="source">The connections.</param>
    /// <param name="schema">The schema that has the tables; it is made where it is missing. Default: <c>krmx</c>.</param>
    public PostgreSqlRoomStore(NpgsqlDataSource source, string schema = DefaultSchema)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentException.ThrowIfNullOrEmpty(schema);
        _source = source;
        _schema = schema;
    }

    /// <inheritdoc/>
    public Task<StoredRoom> OpenAsync(RoomKey room, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        return RunAsync((rooms, connection) => rooms.OpenAsync(connection, room, now, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task CommitAsync(IReadOnlyList<RoomCommit> commits, CancellationToken cancellationToken = default)
    {
        CommitPlan.Check(commits);
        InvalidOperationException? refusal = await RunAsync(
            (rooms, connection) => rooms.CommitAsync(connection, commits, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
            throw refusal;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(RoomKey room, long? epoch = null, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        IReadOnlyList<string> deleted = await RunAsync(
            (rooms, connection) => rooms.DeleteAsync(connection, room, epoch, cancellationToken), cancellationToken).ConfigureAwait(false);
        return deleted.Count > 0;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RoomSummary>> ListAsync(string route, string? after, int count, CancellationToken cancellationToken = default)
    {
        new RoomKey(route, after ?? "").EnsureStorable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync((rooms, connection) => rooms.ListAsync(connection, route, after, count, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ClaimDueAsync(
        string route, DateTimeOffset now, DateTimeOffset overdue, DateTimeOffset claimedUntil, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync((rooms, connection) => rooms.ClaimDueAsync(connection, route, now, overdue, claimedUntil, count, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextAlarmAsync(string route, CancellationToken cancellationToken = default) =>
        RunAsync((rooms, connection) => rooms.NextAlarmAsync(connection, route, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DeleteUnusedAsync(
        string route, DateTimeOffset unusedSince, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync((rooms, connection) => rooms.DeleteUnusedAsync(connection, route, unusedSince, count, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredTurn>> ReadTurnsAsync(RoomKey room, long after, int count, CancellationToken cancellationToken = default)
    {
        room.EnsureStorable();
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync((rooms, connection) => rooms.ReadTurnsAsync(connection, room, after, count, cancellationToken), cancellationToken);
    }

    /// <summary>Closes the connections that the store made.</summary>
    public async ValueTask DisposeAsync()
    {
        _preparing.Dispose();
        if (_ownsSource)
            await _source.DisposeAsync().ConfigureAwait(false);
    }

    /// <exception cref="ArgumentException">The connection string has something that Npgsql does not know, or no host.</exception>
    internal static NpgsqlDataSource Connect(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        if (string.IsNullOrEmpty(builder.ConnectionStringBuilder.Host))
            throw new ArgumentException("The connection string has no 'Host'. Name the server, as in 'Host=localhost;Username=krmx;Database=krmx'.", nameof(connectionString));
        // A handful of statements is run over and over.
        if (builder.ConnectionStringBuilder.MaxAutoPrepare == 0)
            builder.ConnectionStringBuilder.MaxAutoPrepare = 32;
        return builder.Build();
    }

    private async Task<T> RunAsync<T>(Func<PostgreSqlRooms, NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
                return await work(_rooms ?? await PrepareAsync(connection, cancellationToken).ConfigureAwait(false), connection).ConfigureAwait(false);
        }
        catch (NpgsqlException error)
        {
            throw PostgreSqlFailure.Of(_source, error);
        }
    }

    /// <summary>Looks at what the server would do to what is stored, and makes the tables where they are missing.</summary>
    private async Task<PostgreSqlRooms> PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _rooms ??= await PostgreSqlSchema.PrepareAsync(connection, PostgreSqlFailure.Where(_source), _schema, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _preparing.Release();
        }
    }
}
